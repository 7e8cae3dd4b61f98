using Asyncio.LowLevel;
using Xunit;

// One server serves all tests, and what they say about its connections must be theirs.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Asyncio.Redis.Tests;

/// <summary>Runs a test on a loop of its own, with a limit, and fails it for what was reported unasked.</summary>
internal static class Stage
{
    private const double Limit = 60;

    public static TheoryData<ReactorKind> Kinds => [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable];

    /// <summary>On a kind of reactor; skipped where it cannot be had.</summary>
    public static void Run(ReactorKind kind, Func<Coroutine> test)
    {
        var reports = new List<string>();
        using var loop = new EventLoop(new EventLoopOptions { Reactor = kind });
        loop.SetExceptionHandler((_, context) => reports.Add($"{context.Message}|{context.Exception}"));
        using (var runner = new Runner(loopFactory: () => loop))
        {
            SkipWithoutReactor(runner, kind);
            runner.Run(Aio.Timeout(Limit, test));
        }

        CollectFailures();
        Assert.Empty(reports);
    }

    /// <summary>On the best reactor, where the kind makes no difference.</summary>
    public static void Run(Func<Coroutine> test)
    {
        var reports = new List<string>();
        using (var loop = new EventLoop())
        {
            loop.SetExceptionHandler((_, context) => reports.Add($"{context.Message}|{context.Exception}"));
            using var runner = new Runner(loopFactory: () => loop);
            runner.Run(Aio.Timeout(Limit, test));
        }

        CollectFailures();
        Assert.Empty(reports);
    }

    /// <summary>Waits until the condition holds; the limit of the test ends it.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.005);
        }
    }

    /// <summary>Waits until the condition holds; the limit of the test ends it.</summary>
    public static async Coroutine Until(Func<Coroutine<bool>> condition)
    {
        while (!await condition())
        {
            await Aio.Sleep(0.005);
        }
    }

    public static async Coroutine<TError> Throws<TError>(Func<Coroutine> body)
        where TError : Exception
    {
        try
        {
            await body();
        }
        catch (TError e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException($"{typeof(TError).Name} was expected.");
    }

    public static async Coroutine<TError> Throws<TError, T>(Coroutine<T> body)
        where TError : Exception =>
        await Throws<TError>(async () => await body);

    private static void SkipWithoutReactor(Runner runner, ReactorKind kind)
    {
        try
        {
            runner.Run(Listen());
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip($"{kind}: {e.Message}");
        }

        static async Coroutine Listen()
        {
            await using var server = await Aio.StartServer((_, _) => Coroutine.Completed, "127.0.0.1", 0);
        }
    }

    // A failure that nobody looked at is reported by its finalizer.
    private static void CollectFailures()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
