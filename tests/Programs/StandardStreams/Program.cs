// What a program does with its standard streams. The argument says which.

using Asyncio;

switch (args.FirstOrDefault())
{
    case "echo":
        Aio.Run(async () =>
        {
            await foreach (var line in Aio.Stdin)
            {
                await Aio.Stdout.WriteLineAsync(line);
                await Aio.Stderr.WriteLineAsync(line.ToUpperInvariant());
            }
        });
        break;
    case "copy":
        Aio.Run(async () => await Aio.Stdout.BaseFile.WriteAsync(await Aio.Stdin.BaseFile.ReadAllAsync()));
        break;
    case "cancel": // each wait is given up several times before the line comes
        Aio.Run(async () =>
        {
            string? line;
            var waited = false;
            do
            {
                line = await ReadPatiently();
                await Aio.Stdout.WriteLineAsync(line ?? "end");
            }
            while (line is not null);

            async Coroutine<string?> ReadPatiently()
            {
                while (true)
                {
                    try
                    {
                        using (Aio.Timeout(0.005))
                        {
                            return await Aio.Stdin.ReadLineAsync();
                        }
                    }
                    catch (TimeoutException)
                    {
                        if (!waited)
                        {
                            waited = true;
                            await Aio.Stderr.WriteLineAsync("waits");
                        }
                    }
                }
            }
        });
        break;
    case "leave": // nothing ever comes; the program ends all the same
        Aio.Run(async () =>
        {
            var reading = Aio.CreateTask(Aio.Stdin.ReadLineAsync());
            await Aio.Sleep(0.05);
            await Aio.Stdout.WriteLineAsync("bye");
        });
        break;
    case "runs": // what the first run has read ahead is there for the second
        Aio.Run(async () => await Aio.Stdout.WriteLineAsync(await Aio.Stdin.ReadLineAsync()));
        Aio.Run(async () => await Aio.Stdout.WriteLineAsync(await Aio.Stdin.ReadLineAsync()));
        break;
    default:
        return 2;
}

return 0;
