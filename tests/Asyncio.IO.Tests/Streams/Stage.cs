using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Runs a test on a loop of its own, with a limit, and fails it for what was reported unasked.</summary>
internal static class Stage
{
    public static TheoryData<ReactorKind> Kinds => Asyncio.IO.Tests.Reactors.Kinds.All;

    /// <summary>On a kind of reactor; skipped where it cannot be had.</summary>
    public static void Run(ReactorKind kind, Func<Coroutine> test)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        Run(new EventLoopOptions { Reactor = kind }, test);
    }

    /// <summary>Where nothing is received or sent.</summary>
    public static void Run(Func<Coroutine> test) => Run(new EventLoopOptions(), test);

    /// <summary>What was reported, for tests that expect it; it is to be taken out.</summary>
    public static List<string> Reports { get; } = [];

    private static void Run(EventLoopOptions options, Func<Coroutine> test)
    {
        Reports.Clear();
        using var loop = new EventLoop(options);
        loop.SetExceptionHandler((_, context) => Reports.Add($"{context.Message}|{context.Exception}"));
        using (var runner = new Runner(loopFactory: () => loop))
        {
            runner.Run(Aio.Timeout(Hang.Limit, test));
        }

        Assert.Empty(Reports);
    }

    /// <summary>Lets the loop turn.</summary>
    public static async Coroutine Spin(int turns = 4)
    {
        for (var i = 0; i < turns; i++)
        {
            await Aio.Yield();
        }
    }

    /// <summary>Waits until the condition holds; the limit of the test ends it.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.005);
        }
    }

    public static async Coroutine<T> Throws<T>(Func<Coroutine> body)
        where T : Exception
    {
        try
        {
            await body();
        }
        catch (T e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException($"{typeof(T).Name} was expected.");
    }
}
