using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>What other threads handed to a loop that closes before it comes to it: nobody waits for ever.</summary>
public class ClosingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_coroutine_that_never_began_fails_and_is_closed(bool runs)
    {
        var loop = new EventLoop();
        var coroutine = Aio.Sleep(1, 5);
        var outcome = OnOtherThread(() => Aio.RunCoroutineThreadsafe(coroutine, loop));
        if (runs)
        {
            // One iteration takes it in, and is the last: a request that waits in the ready queue is lost as well.
            loop.CallSoon((Action)(() => throw new KeyboardInterruptException()));
            loop.CallSoon(() => { });
            Assert.Throws<KeyboardInterruptException>(loop.RunForever);
        }

        Assert.False(outcome.IsCompleted);
        loop.Close();
        Assert.Contains("closed", Assert.IsType<InvalidOperationException>(Assert.Single(outcome.Exception!.InnerExceptions)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter());
    }

    [Fact]
    public void Code_that_was_posted_runs_on_the_pool_and_a_sender_is_released()
    {
        using var logs = new RecordingLogs();
        var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        var posted = new TaskCompletionSource<bool>();
        var sent = 0;
        OnOtherThread(() =>
        {
            loop.SynchronizationContext.Post(_ => posted.SetResult(Thread.CurrentThread.IsThreadPoolThread), null);
            return 0;
        });
        var sender = new Thread(() => loop.SynchronizationContext.Send(_ => sent++, null)) { IsBackground = true };
        sender.Start();
        Assert.True(SpinWait.SpinUntil(() => sender.ThreadState.HasFlag(ThreadState.WaitSleepJoin), OnLoop.Hang));
        loop.Close();
        Assert.True(posted.Task.Wait(OnLoop.Hang));
        Assert.True(posted.Task.Result);
        Assert.True(sender.Join(OnLoop.Hang));
        Assert.Equal(1, sent);
        Assert.Contains(logs.Entries, entry => entry.Text.Contains("posted to an event loop that is closed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_of_the_loops_scheduler_runs_on_the_pool(bool before)
    {
        using var logs = new RecordingLogs();
        var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        Task? task = null;
        if (before)
        {
            task = Start();
        }

        loop.Close();
        task ??= Start();
        Assert.True(task.Wait(OnLoop.Hang));

        Task Start() => Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.None, loop.TaskScheduler);
    }

    [Fact]
    public void A_call_is_refused_or_its_coroutine_ends_however_close_the_end_is() => OnLoop.InThread(() =>
    {
        for (var round = 0; round < 300; round++)
        {
            var loop = new EventLoop();
            using var began = new ManualResetEventSlim();
            var outcomes = new List<Task<int>>();
            var caller = new Thread(() =>
            {
                began.Set();
                try
                {
                    for (var i = 0; i < 10_000; i++)
                    {
                        outcomes.Add(Aio.RunCoroutineThreadsafe(Coroutine.FromResult(i), loop));
                    }
                }
                catch (InvalidOperationException)
                {
                    return; // closed
                }
            });
            caller.Start();
            began.Wait();
            Thread.SpinWait(round * 20);
            loop.Close();
            caller.Join();
            Assert.All(outcomes, outcome => Assert.True(Task.WhenAny(outcome).Wait(OnLoop.Hang)));
        }
    });

    private static T OnOtherThread<T>(Func<T> function)
    {
        T result = default!;
        OnLoop.InThread(() => result = function());
        return result;
    }
}
