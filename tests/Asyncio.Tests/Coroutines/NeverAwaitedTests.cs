using System.Runtime.CompilerServices;
using Xunit;

namespace Asyncio.Tests.Coroutines;

/// <summary>They look at standard error, which there is one of.</summary>
[Collection(nameof(NeverAwaitedTests))]
[CollectionDefinition(nameof(NeverAwaitedTests), DisableParallelization = true)]
public class NeverAwaitedTests
{
    [Fact]
    public void Debug_mode_reports_a_lost_coroutine_and_where_it_was_made()
    {
        var said = Capture(() => InDebugMode(static () => Lose()));
        Assert.Contains("the coroutine NeverAwaitedTests.Lost was never awaited", said, StringComparison.Ordinal);
        Assert.Contains("NeverAwaitedTests.Lose", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Also_a_lost_sleep() =>
        Assert.Contains("the coroutine Aio.Sleep was never awaited", Capture(() => InDebugMode(static () => LoseSleep())), StringComparison.Ordinal);

    [Theory]
    [InlineData("AsyncLock.AcquireAsync")]
    [InlineData("AsyncSemaphore.AcquireAsync")]
    [InlineData("AsyncEvent.WaitAsync")]
    [InlineData("AsyncQueue.GetAsync")]
    [InlineData("AsyncQueue.PutAsync")]
    public void Also_a_lost_wait_of_a_lock_or_a_queue(string name) =>
        Assert.Contains($"the coroutine {name} was never awaited", Capture(() => InDebugMode(() => LoseWait(name))), StringComparison.Ordinal);

    [Fact]
    public void But_none_that_was_awaited_closed_cancelled_or_refused()
    {
        var said = Capture(() => InDebugMode(static () =>
        {
            Lost().Close();
            Aio.CreateTask(Lost()).Cancel();
            _ = Aio.CreateTask(Lost());
            using var closed = new EventLoop();
            closed.Close();
            Assert.Throws<InvalidOperationException>(() => closed.CreateTask(Lost()));
            Assert.Throws<InvalidOperationException>(() => closed.RunUntilComplete(Lost()));
        }));
        Assert.DoesNotContain("never awaited", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_debug_mode_one_of_a_thousand_is_enough_to_be_told()
    {
        var said = Capture(() => OnLoop.InThread(static () =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                _ = Sampled();
            }
        }));
        Assert.Contains("the coroutine NeverAwaitedTests.Sampled was never awaited", said, StringComparison.Ordinal);
    }

    private static void InDebugMode(Action lose)
    {
        OnLoop.Run(Main, loop => loop.Debug = true);

        async Coroutine Main()
        {
            await Aio.Sleep(0.001);
            lose();
            await Aio.Sleep(0.001);
        }
    }

    /// <summary>What is said on standard error meanwhile.</summary>
    internal static string Capture(Action action)
    {
        OnLoop.CollectGarbage(); // what other tests have lost is not said here
        var outer = Console.Error;
        using var writer = new StringWriter();
        var shared = TextWriter.Synchronized(writer);
        Console.SetError(shared);
        try
        {
            action();
            OnLoop.CollectGarbage();
            lock (shared)
            {
                return writer.ToString();
            }
        }
        finally
        {
            Console.SetError(outer);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose() => _ = Lost();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoseSleep() => _ = Aio.Sleep(0.25);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoseWait(string name)
    {
        var queue = new AsyncQueue<int>();
        switch (name)
        {
            case "AsyncLock.AcquireAsync":
                _ = new AsyncLock().AcquireAsync();
                break;
            case "AsyncSemaphore.AcquireAsync":
                _ = new AsyncSemaphore(0).AcquireAsync();
                break;
            case "AsyncEvent.WaitAsync":
                _ = new AsyncEvent().WaitAsync();
                break;
            case "AsyncQueue.GetAsync":
                _ = queue.GetAsync();
                break;
            default:
                _ = queue.PutAsync(1);
                break;
        }
    }

    private static async Coroutine Lost() => await Aio.Yield();

    private static async Coroutine Sampled() => await Aio.Yield();
}
