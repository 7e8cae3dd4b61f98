// Prints the end of a file, and what is added to it from then on: `tail -F`. Goes on when the file is emptied, replaced (as logs are
// rotated), removed or not there yet.
//
//   dotnet run samples/tail.cs -- FILE
//   dotnet run samples/tail.cs -- FILE -n 100
//
// Ctrl-C ends it.

#:project ../src/Asyncio
#:package System.CommandLine
#:property PublishAot=false

using System.CommandLine;
using Asyncio;
using Asyncio.Files;

var path = new Argument<string>("file") { Description = "What to follow. It need not be there yet." };
var lines = new Option<int>("--lines", "-n") { Description = "How many of its last lines are printed first.", DefaultValueFactory = _ => 10 };
lines.Validators.Add(option =>
{
    if (option.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var count) || count < 0))
    {
        option.AddError($"--lines: \"{text}\" is not a number of lines.");
    }
});
var command = new RootCommand("Prints the end of a file, and what is added to it.") { path, lines };
command.SetAction(parsed =>
{
    try
    {
        Aio.Run(Follow(parsed.GetValue(path)!, parsed.GetValue(lines)));
    }
    catch (KeyboardInterruptException)
    {
        return 130; // how it is meant to end
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"tail: {e.Message}");
        return 1;
    }

    return 0;
});
return command.Parse(args).Invoke();

// Each round follows one file, until another has its name.
static async Coroutine Follow(string path, int lines)
{
    var output = Aio.Stdout.BaseFile;
    while (true)
    {
        await using var file = await OpenWhenThere(path);
        await SkipAllBut(lines, file);
        lines = int.MaxValue; // of a file that comes later everything is new
        await CopyUntilReplaced(file, path, output);
    }
}

static async Coroutine<AsyncFile> OpenWhenThere(string path)
{
    for (var told = false; ; await Aio.Sleep(0.2))
    {
        try
        {
            return await Aio.OpenFile(path, "rb");
        }
        catch (FileNotFoundException) when (!told)
        {
            told = true;
            await Aio.Stderr.WriteLineAsync($"tail: '{path}' is not there; waiting for it");
        }
        catch (FileNotFoundException)
        {
            // not yet
        }
    }
}

// Looks for line ends from the end backwards, so that a large file is not read.
static async Coroutine SkipAllBut(int lines, AsyncFile file)
{
    if (lines == int.MaxValue || !file.CanSeek)
    {
        return;
    }

    const int BlockSize = 64 * 1024;
    var end = await file.SeekAsync(0, SeekOrigin.End);
    if (lines == 0)
    {
        return;
    }

    for (var position = end; position > 0;)
    {
        var start = Math.Max(0, position - BlockSize);
        await file.SeekAsync(start);
        var block = await file.ReadAsync((int)(position - start));
        for (var i = block.Length - 1; i >= 0; i--)
        {
            if (block[i] == '\n' && start + i < end - 1 && --lines == 0)
            {
                await file.SeekAsync(start + i + 1);
                return;
            }
        }

        position = start;
    }

    await file.SeekAsync(0);
}

static async Coroutine CopyUntilReplaced(AsyncFile file, string path, AsyncFile output)
{
    var buffer = new byte[64 * 1024];
    while (true)
    {
        // Asked before the end is seen: what was written before the file was replaced is not left out.
        var replaced = OperatingSystem.IsLinux() && !await file.IsAtAsync(path);
        while (await file.ReadAsync(buffer.AsMemory()) is var count and > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, count));
        }

        if (replaced)
        {
            await Aio.Stderr.WriteLineAsync($"tail: '{path}' was replaced or removed");
            return;
        }

        if (file.CanSeek && await file.GetLengthAsync() < file.Position)
        {
            await Aio.Stderr.WriteLineAsync($"tail: '{path}' was cut");
            await file.SeekAsync(0);
        }
        else
        {
            await Aio.Sleep(0.2);
        }
    }
}
