using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>A loop belongs to its thread; who forgets that is told, where asyncio tells only in debug mode.</summary>
public class WrongThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_from_another_thread_are_errors(bool debug)
    {
        using var loop = new EventLoop(new EventLoopOptions { Debug = debug });
        var future = loop.CreateFuture<int>();
        future.AddDoneCallback(_ => { });
        var timer = loop.CallLater(3600, () => { });
        var sleeping = loop.CreateTask(Aio.Sleep(3600));
        var mutex = new AsyncLock();
        var semaphore = new AsyncSemaphore(0);
        var flag = new AsyncEvent();
        var queue = new AsyncQueue<int>();
        Assert.True(mutex.TryAcquire());
        var waiting = new List<AsyncTask>
        {
            loop.CreateTask(Wait(mutex.AcquireAsync())),
            loop.CreateTask(Wait(semaphore.AcquireAsync())),
            loop.CreateTask(Wait(flag.WaitAsync())),
            loop.CreateTask(Wait(queue.GetAsync())),
        };
        Action[] calls =
        [
            () => loop.CallSoon(() => { }),
            () => loop.CallLater(1, () => { }),
            () => loop.CallAt(1, () => { }),
            () => loop.CreateTask(Coroutine.Completed),
            loop.Stop,
            () => loop.RunInExecutor(null, () => 1),
            () => timer.Cancel(),
            () => future.SetResult(1),
            () => future.TrySetResult(1),
            () => future.SetException(new FormatException()),
            () => future.TrySetException(new FormatException()),
            () => future.Cancel(),
            () => future.AddDoneCallback(_ => { }),
            () => future.AsTask(),
            () => sleeping.Cancel(),
            mutex.Release,
            () => semaphore.Release(),
            flag.Set,
            () => queue.TryPut(1),
        ];
        var errors = new List<Exception?>();
        loop.RunUntilComplete(Main());
        Assert.Equal(calls.Length, errors.Count);
        Assert.All(errors, error => Assert.Contains(
            "Non-thread-safe operation invoked on an event loop other than the current one", Assert.IsType<InvalidOperationException>(error).Message));

        async Coroutine Main()
        {
            await Aio.Sleep(0);
            await Aio.Sleep(0);

            // The loop stands still here, so that the calls of a careless thread cannot harm anything if they are not refused.
            var thread = new Thread(() => errors.AddRange(calls.Select(Record.Exception)));
            thread.Start();
            thread.Join();

            // Nothing has changed: on the right thread they do what they do.
            Assert.False(future.IsCompleted);
            mutex.Release();
            semaphore.Release();
            flag.Set();
            queue.PutNowait(1);
            await Aio.WaitFor(Aio.GatherAll(waiting), 300);
            sleeping.Cancel();
            timer.Cancel();
        }

        static async Coroutine Wait<T>(Coroutine<T> coroutine) => await coroutine;
    }

    [Fact]
    public void Primitives_for_which_nobody_waits_are_of_no_loop_and_cannot_tell() => Aio.Run(async () =>
    {
        var flag = new AsyncEvent();
        var thread = new Thread(flag.Set);
        thread.Start();
        thread.Join();
        Assert.True(await flag.WaitAsync());
    });

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
        var clock = new JumpingClock(); // on a real one any step is slow now and then
        using var logs = new RecordingLogs();
        using var loop = new EventLoop(new EventLoopOptions { Debug = true, LoggerFactory = logs, TimeProvider = clock });
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

        void Slow() => clock.Pass(0.06);
    }
}
