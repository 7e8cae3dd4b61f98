using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>A loop belongs to its thread; debug mode notices who forgets.</summary>
public class WrongThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_from_another_thread_are_errors_in_debug_mode_only(bool debug)
    {
        using var loop = new EventLoop(new EventLoopOptions { Debug = debug });
        var future = loop.CreateFuture<int>();
        future.AddDoneCallback(_ => { });
        var sleeping = loop.CreateTask(Aio.Sleep(3600));
        Action[] calls =
        [
            () => loop.CallSoon(() => { }),
            () => loop.CallLater(1, () => { }),
            () => loop.CallAt(1, () => { }),
            () => loop.CreateTask(Coroutine.Completed),
            () => future.SetResult(1),
            () => sleeping.Cancel(),
        ];
        var errors = new List<Exception?>();
        loop.CallSoon(() =>
        {
            // The loop waits here, so that the calls of a careless thread cannot harm anything where they are not refused.
            var thread = new Thread(() => errors.AddRange(calls.Select(Record.Exception)));
            thread.Start();
            thread.Join();
            loop.Stop();
        });
        loop.RunForever();
        Assert.Equal(calls.Length, errors.Count);
        Assert.All(errors, error =>
        {
            if (debug)
            {
                Assert.Contains("Non-thread-safe operation invoked on an event loop other than the current one", Assert.IsType<InvalidOperationException>(error).Message);
            }
            else
            {
                Assert.Null(error);
            }
        });
    }

    [Fact]
    public void A_loop_that_does_not_run_may_be_prepared_by_any_thread()
    {
        using var loop = new EventLoop(new EventLoopOptions { Debug = true });
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => loop.CallSoon(loop.Stop)));
        thread.Start();
        thread.Join();
        Assert.Null(error);
        loop.RunForever();
    }

    [Fact]
    public void Threadsafe_members_may_be_called_from_anywhere()
    {
        using var loop = new EventLoop(new EventLoopOptions { Debug = true });
        var calls = 0;
        const int Threads = 4;
        const int Each = 500;
        loop.CallSoon(() =>
        {
            for (var i = 0; i < Threads; i++)
            {
                new Thread(() =>
                {
                    for (var j = 0; j < Each; j++)
                    {
                        loop.CallSoonThreadsafe(() =>
                        {
                            if (++calls == Threads * Each)
                            {
                                loop.Stop();
                            }
                        });
                    }
                }).Start();
            }
        });
        loop.RunForever();
        Assert.Equal(Threads * Each, calls);
    }

    [Fact]
    public void Slow_steps_and_callbacks_are_reported_in_debug_mode()
    {
        using var logs = new RecordingLogs();
        using var loop = new EventLoop(new EventLoopOptions { Debug = true, LoggerFactory = logs });
        loop.SlowCallbackDuration = 0.05;
        loop.RunUntilComplete(Main());
        loop.Debug = false;
        loop.RunUntilComplete(Main());
        Assert.Collection(
            logs.Warnings,
            text => Assert.Matches(@"^Executing <Handle .*> took \d+\.\d{3} seconds$", text),
            text => Assert.Matches(@"^Executing .*Slow.* took \d+\.\d{3} seconds$", text),
            text => Assert.Matches(@"^Executing <Task .*> took \d+\.\d{3} seconds$", text));

        async Coroutine Main()
        {
            loop.CallSoon(Slow);
            await Aio.Sleep(0);
            var future = loop.CreateFuture<int>();
            future.AddDoneCallback(_ => Slow());
            future.SetResult(1);
            await Aio.Sleep(0);
            Slow();
        }

        static void Slow() => Thread.Sleep(60);
    }
}
