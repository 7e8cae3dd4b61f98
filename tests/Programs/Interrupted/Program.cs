// How a program ends: by Ctrl-C in several situations, and by an exception that nobody catches. The argument says which.

using System.Runtime.InteropServices;
using Asyncio;

switch (args.FirstOrDefault())
{
    case "sleep":
        Aio.Run(Sleep);
        break;
    case "catch":
        try
        {
            Aio.Run(Sleep);
        }
        catch (KeyboardInterruptException e)
        {
            Console.WriteLine($"caught: {e.Message}");
            return 3;
        }

        break;
    case "swallow":
        Aio.Run(async () =>
        {
            try
            {
                await Sleep();
            }
            catch (CancelledException)
            {
                Console.WriteLine("went on");
            }
        });
        return 4;
    case "task":
        Aio.Run(async Task () => await Task.Delay(Timeout.Infinite, Ready()));
        break;
    case "stuck":
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Console.WriteLine("interrupted")))
        {
            Aio.Run(Stuck);
        }

        break;
    case "leftover":
        Aio.Run(async () =>
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
            await Sleep();
        });
        break;
    case "fail":
        Aio.Run(async () =>
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
            await Fail();
        });
        break;
    default:
        return 2;
}

return 0;

static CancellationToken Ready()
{
    Console.WriteLine("ready");
    return CancellationToken.None;
}

static async Coroutine Stuck()
{
    await Aio.Sleep(0);
    Ready();
    while (true)
    {
        Thread.Sleep(50);
    }
}

static async Coroutine Sleep()
{
    try
    {
        Ready();
        await Aio.Sleep(3600);
    }
    finally
    {
        await Aio.Sleep(0);
        Console.WriteLine("cleaned up");
    }
}

static async Coroutine Leftover()
{
    try
    {
        await Aio.Sleep(3600);
    }
    finally
    {
        Console.WriteLine("leftover ended");
    }
}

static async Coroutine Fail()
{
    await Aio.Sleep(0);
    throw new InvalidDataException("nobody catches this");
}
