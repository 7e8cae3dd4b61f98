using Asyncio.LowLevel;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>Running, stopping and closing a loop.</summary>
public class LoopLifeTests
{
    [Fact]
    public void Stop_lets_the_iteration_end()
    {
        using var loop = new EventLoop();
        var log = new List<int>();
        loop.CallSoon(loop.Stop);
        loop.CallSoon(() => log.Add(1));
        loop.RunForever();
        Assert.Equal([1], log);
    }

    [Fact]
    public void Stopped_before_it_runs_it_makes_one_iteration_without_waiting()
    {
        using var loop = new EventLoop();
        loop.Stop();
        loop.RunForever(); // with nothing to do
        var log = new List<int>();
        loop.CallSoon(() => log.Add(1));
        loop.CallLater(3600, () => log.Add(2));
        loop.Stop();
        loop.RunForever();
        Assert.Equal([1], log);
    }

    [Fact]
    public void It_says_whether_it_runs()
    {
        using var loop = new EventLoop();
        Assert.False(loop.IsRunning);
        loop.CallSoon(() =>
        {
            Assert.True(loop.IsRunning);
            Assert.Same(loop, EventLoop.Running);
            Assert.Same(loop, Aio.GetRunningLoop());
            loop.Stop();
        });
        loop.RunForever();
        Assert.False(loop.IsRunning);
        Assert.Null(EventLoop.Running);
        Assert.Contains("o running event loop", Assert.Throws<InvalidOperationException>(() => Aio.GetRunningLoop()).Message);
    }

    [Fact]
    public void Running_it_twice_or_inside_another_is_an_error_that_disturbs_nothing()
    {
        using var loop = new EventLoop();
        using var other = new EventLoop();
        Aio.SetEventLoop(null);
        loop.RunUntilComplete(Inside());
        Assert.Equal(1, other.RunUntilComplete(Coroutine.FromResult(1)));

        async Coroutine Inside()
        {
            await Aio.Sleep(0);
            Assert.Contains("already running", Assert.Throws<InvalidOperationException>(loop.RunForever).Message);
            Assert.Contains("while another loop is running", Assert.Throws<InvalidOperationException>(other.RunForever).Message);
            var coroutine = Never();
            Assert.Throws<InvalidOperationException>(() => other.RunUntilComplete(coroutine));
            Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter());
            Assert.Throws<InvalidOperationException>(loop.Close);
            Assert.Same(loop, EventLoop.Running);
            await Aio.Sleep(0);
        }
    }

    [Fact]
    public void RunUntilComplete_gives_the_outcome()
    {
        using var loop = new EventLoop();
        Assert.Equal(3, loop.RunUntilComplete(Aio.Sleep(0.001, 3)));
        var future = loop.CreateFuture<string>();
        loop.CallSoon(() => future.SetResult("x"));
        Assert.Equal("x", loop.RunUntilComplete(future));
        Assert.Equal("x", loop.RunUntilComplete(future)); // done already
        Assert.Throws<FormatException>(() => loop.RunUntilComplete(Coroutine.FromException(new FormatException())));
        var cancelled = loop.CreateFuture<int>();
        cancelled.Cancel("why");
        Assert.Equal("why", Assert.Throws<CancelledException>(() => loop.RunUntilComplete(cancelled)).CancelMessage);
    }

    [Fact]
    public void RunUntilComplete_of_another_loops_future_is_an_error()
    {
        using var loop = new EventLoop();
        using var other = new EventLoop();
        Assert.Throws<ArgumentException>(() => loop.RunUntilComplete(other.CreateFuture<int>()));
    }

    [Fact]
    public void RunUntilComplete_tells_that_the_loop_was_stopped_before_and_can_be_repeated()
    {
        using var loop = new EventLoop();
        var task = loop.CreateTask(Aio.Sleep(0.01, 9));
        loop.CallSoon(loop.Stop);
        Assert.Equal("Event loop stopped before Future completed.", Assert.Throws<InvalidOperationException>(() => loop.RunUntilComplete(task)).Message);
        Assert.Equal(9, loop.RunUntilComplete(task));
    }

    [Fact]
    public void A_run_that_was_broken_off_leaves_no_stop_behind()
    {
        using var loop = new EventLoop();
        Assert.Throws<KeyboardInterruptException>(() => loop.RunUntilComplete(Coroutine.FromException(new KeyboardInterruptException())));
        var log = new List<int>();
        loop.CallSoon(() => loop.CallSoon(() =>
        {
            log.Add(1);
            loop.Stop();
        }));
        loop.RunForever();
        Assert.Equal([1], log);
    }

    [Fact]
    public void A_run_that_was_interrupted_twice_in_one_step_loses_nothing()
    {
        using var loop = new EventLoop();
        var ran = false;
        loop.CallSoon(InterruptTwice);
        loop.CallSoon(() =>
        {
            ran = true;
            loop.Stop();
        });
        Assert.Throws<KeyboardInterruptException>(loop.RunForever);
        Assert.False(ran);
        OnLoop.InThread(loop.RunForever);
        Assert.True(ran);

        void InterruptTwice()
        {
            loop.CreateTask(Interrupt(), eagerStart: true);
            throw new KeyboardInterruptException();
        }

        static async Coroutine Interrupt() => throw new KeyboardInterruptException();
    }

    [Fact]
    public void A_failed_run_is_not_reported_a_second_time()
    {
        var reports = new List<ExceptionContext>();
        var loop = new EventLoop();
        loop.SetExceptionHandler((_, context) => reports.Add(context));
        Assert.Throws<FormatException>(() => loop.RunUntilComplete(Coroutine.FromException(new FormatException())));
        loop.Close();
        Assert.Empty(reports);
    }

    [Fact]
    public void Closed_it_refuses_everything()
    {
        var loop = new EventLoop();
        var log = new List<int>();
        loop.CallSoon(() => log.Add(1));
        loop.CallLater(0, () => log.Add(2));
        loop.CallSoonThreadsafe(() => log.Add(3));
        loop.Close();
        loop.Close();
        loop.Dispose();
        Assert.True(loop.IsClosed);
        var coroutine = Never();
        Action[] calls =
        [
            loop.RunForever,
            () => loop.RunUntilComplete(Coroutine.FromResult(1)),
            () => loop.CallSoon(() => { }),
            () => loop.CallLater(1, () => { }),
            () => loop.CallAt(1, () => { }),
            () => loop.CallSoonThreadsafe(() => { }),
            () => loop.CreateTask(coroutine),
            () => loop.RunInExecutor(null, () => 1),
            () => Aio.RunCoroutineThreadsafe(Never(), loop),
        ];
        foreach (var call in calls)
        {
            Assert.Equal("Event loop is closed.", Assert.Throws<InvalidOperationException>(call).Message);
        }

        Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter()); // closed with the refusal
        Assert.Empty(log);
    }

    [Fact]
    public void The_current_loop_of_a_thread_can_be_set()
    {
        using var loop = new EventLoop();
        Aio.SetEventLoop(loop);
        Assert.Same(loop, Aio.GetEventLoop());
        using var other = new EventLoop();
        other.RunUntilComplete(Check());
        Aio.SetEventLoop(null);
        Assert.Throws<InvalidOperationException>(() => Aio.GetEventLoop());

        async Coroutine Check()
        {
            await Aio.Sleep(0);
            Assert.Same(other, Aio.GetEventLoop()); // the running one goes first
        }
    }

    [Fact]
    public void The_scheduling_policy_chooses_what_runs_next()
    {
        var log = new List<int>();
        using var loop = new EventLoop(new EventLoopOptions { Scheduling = new LastFirst() });
        for (var i = 0; i < 4; i++)
        {
            var number = i;
            loop.CallSoon(() => log.Add(number));
        }

        loop.Stop();
        loop.RunForever();
        Assert.Equal([3, 2, 1, 0], log);
    }

    private static async Coroutine Never()
    {
        await Aio.Sleep(0);
        Assert.Fail("The coroutine has run.");
    }

    private sealed class LastFirst : SchedulingPolicy
    {
        public override int Next(int count) => count - 1;
    }
}
