using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

// Times are measured here, and descriptors counted.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Asyncio.Http.Tests;

/// <summary>Runs a test on a loop of its own, with a limit, and fails it for what was reported unasked.</summary>
public static class Stage
{
    private const double Limit = 60; // seconds

    /// <summary>Every test of what goes over connections runs on every kind.</summary>
    public static TheoryData<ReactorKind> Kinds => [ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable];

    /// <summary>On a kind of reactor; skipped where it cannot be had.</summary>
    public static void Run(ReactorKind kind, Func<Coroutine> test)
    {
        using (var loop = new EventLoop(new EventLoopOptions { Reactor = kind }))
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                loop.RemoveReader(socket); // makes the reactor
            }
            catch (PlatformNotSupportedException e)
            {
                Assert.Skip($"{kind}: {e.Message}");
            }
        }

        Run(new EventLoopOptions { Reactor = kind }, test);
    }

    /// <summary>On the kind that is best here.</summary>
    public static void Run(Func<Coroutine> test) => Run(new EventLoopOptions(), test);

    /// <summary>Waits until the condition holds; the limit of the test ends it.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.005);
        }
    }

    /// <summary>The exception that awaiting it throws.</summary>
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

    /// <summary>The same for a request, whose answer nobody wants.</summary>
    public static Coroutine<T> Throws<T>(Func<Coroutine<ClientResponse>> request)
        where T : Exception => Throws<T>(async () => (await request()).Close());

    private static void Run(EventLoopOptions options, Func<Coroutine> test)
    {
        var reports = new List<string>();
        using var loop = new EventLoop(options);
        loop.SetExceptionHandler((_, context) => reports.Add($"{context.Message}|{context.Exception}"));
        using (var runner = new Runner(loopFactory: () => loop))
        {
            runner.Run(Aio.Timeout(Limit, test));
        }

        Assert.True(reports.Count == 0, string.Join("\n\n", reports));
    }
}
