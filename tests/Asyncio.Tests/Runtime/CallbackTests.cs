using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>Callbacks of the loop: their order, their timers, their errors.</summary>
public class CallbackTests
{
    private readonly List<object> _log = [];

    [Fact]
    public void A_sleep_with_a_result_checks_its_delay_at_the_call()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.Sleep(double.NaN, 1));
        Assert.Equal(2, Aio.Run(Aio.Sleep(TimeSpan.FromMilliseconds(1), 2)));
    }

    [Fact]
    public void An_infinite_delay_never_ends()
    {
        using var loop = new EventLoop();
        var timer = loop.CallLater(Timeout.InfiniteTimeSpan, () => _log.Add("late"));
        loop.CallLater(0.01, loop.Stop);
        loop.RunForever();
        Assert.Equal(double.PositiveInfinity, timer.When());
        Assert.Empty(_log);
    }

    [Fact]
    public void Callbacks_run_in_the_order_of_their_calls()
    {
        using var loop = new EventLoop();
        for (var i = 0; i < 300; i++)
        {
            var number = i;
            loop.CallSoon(() => _log.Add(number));
        }

        RunOnce(loop);
        Assert.Equal(Enumerable.Range(0, 300).Cast<object>(), _log);
    }

    [Fact]
    public void Those_of_other_threads_stand_in_the_same_queue()
    {
        using var loop = new EventLoop();
        loop.CallSoon(() =>
        {
            loop.CallSoon(() => _log.Add(1));
            loop.CallSoonThreadsafe(() => _log.Add(2));
            loop.CallSoon(() => _log.Add(3));
            loop.CallSoon(loop.Stop);
        });
        loop.RunForever();
        Assert.Equal([1, 2, 3], _log);
    }

    [Fact]
    public void One_that_is_queued_by_a_callback_waits_for_the_next_iteration()
    {
        using var loop = new EventLoop();
        loop.CallSoon(() =>
        {
            loop.CallSoon(() => _log.Add("next"));
            loop.Stop();
        });
        loop.CallSoon(() => _log.Add("same"));
        loop.RunForever();
        Assert.Equal(["same"], _log);
        RunOnce(loop);
        Assert.Equal(["same", "next"], _log);
    }

    [Fact]
    public void One_that_is_cancelled_is_not_called()
    {
        using var loop = new EventLoop();
        var handle = loop.CallSoon(() => _log.Add(1));
        var timer = loop.CallLater(0, () => _log.Add(2));
        handle.Cancel();
        handle.Cancel();
        timer.Cancel();
        Assert.True(handle.Cancelled());
        Assert.True(timer.Cancelled());
        RunOnce(loop);
        Assert.Empty(_log);
    }

    [Fact]
    public void An_argument_is_handed_over()
    {
        using var loop = new EventLoop();
        loop.CallSoon(x => _log.Add(x!), "argument");
        RunOnce(loop);
        Assert.Equal(["argument"], _log);
    }

    [Fact]
    public void Timers_run_in_the_order_of_their_deadlines_and_equal_ones_in_that_of_their_creation()
    {
        using var loop = new EventLoop(new EventLoopOptions { TimeProvider = new JumpingClock() });
        foreach (var (delay, name) in new[] { (3.0, "c"), (1, "a1"), (2, "b"), (1, "a2"), (1, "a3") })
        {
            loop.CallLater(delay, () => _log.Add($"{name}@{loop.Time()}"));
        }

        loop.CallLater(4, loop.Stop);
        loop.RunForever();
        Assert.Equal(["a1@1", "a2@1", "a3@1", "b@2", "c@3"], _log);
    }

    [Fact]
    public void Of_negative_delays_the_more_negative_runs_first_in_the_next_iteration()
    {
        using var loop = new EventLoop();
        loop.CallLater(-1_000, () => _log.Add(-1_000));
        loop.CallLater(-2_000, () => _log.Add(-2_000));
        loop.CallLater(0, () => _log.Add(0));
        RunOnce(loop);
        Assert.Equal([-2_000, -1_000, 0], _log);
    }

    [Fact]
    public void A_timer_that_is_due_runs_after_what_was_ready_before()
    {
        using var loop = new EventLoop();
        loop.CallLater(0, () => _log.Add("timer"));
        loop.CallSoon(() => _log.Add("soon"));
        RunOnce(loop);
        Assert.Equal(["soon", "timer"], _log);
    }

    [Fact]
    public void NaN_is_no_delay()
    {
        using var loop = new EventLoop();
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.CallLater(double.NaN, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.CallAt(double.NaN, () => { }));
        Assert.Throws<ArgumentNullException>(() => loop.CallSoon((Action)null!));
    }

    [Fact]
    public void A_timer_knows_its_time_and_keeps_it()
    {
        using var loop = new EventLoop();
        var timer = loop.CallAt(123.5, () => { });
        Assert.Equal(123.5, timer.When());
        timer.Cancel();
        Assert.Equal(123.5, timer.When());
    }

    [Fact]
    public void Thousands_of_cancelled_timers_keep_nothing_alive_and_do_not_disturb_the_others()
    {
        using var loop = new EventLoop(new EventLoopOptions { TimeProvider = new JumpingClock() });
        var timers = Enumerable.Range(0, 5000).Select(i => loop.CallLater(i % 97, () => _log.Add(i))).ToList();
        foreach (var (timer, i) in timers.Select((timer, i) => (timer, i)))
        {
            if (i % 10 != 0)
            {
                timer.Cancel();
            }
        }

        loop.CallLater(100, loop.Stop);
        loop.RunForever();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i * 10).OrderBy(i => i % 97).Cast<object>(), _log);
    }

    [Fact]
    public void A_real_clock_waits_and_is_not_early()
    {
        using var loop = new EventLoop();
        var began = loop.Time();
        loop.CallLater(0.05, loop.Stop);
        loop.RunForever();
        Assert.True(loop.Time() - began >= 0.049);
    }

    [Fact]
    public void A_clock_of_the_users_is_asked_for_a_timer_and_may_jump()
    {
        var clock = new JumpingClock();
        var ended = Aio.Run(
            async () =>
            {
                await Aio.Sleep(TimeSpan.FromDays(365));
                return Aio.GetRunningLoop().Time();
            },
            loopFactory: () => new EventLoop(new EventLoopOptions { TimeProvider = clock }));
        Assert.Equal(365 * 86_400.0, ended);
        Assert.Equal(365, clock.Jumps); // a wait is at most a day, as asyncio's
    }

    [Fact]
    public void An_error_in_a_callback_is_reported_and_the_others_run()
    {
        using var loop = new EventLoop();
        var reports = new List<ExceptionContext>();
        loop.SetExceptionHandler((_, context) => reports.Add(context));
        var handle = loop.CallSoon(Fail);
        loop.CallSoon(() => _log.Add("after"));
        RunOnce(loop);
        Assert.Equal(["after"], _log);
        var report = Assert.Single(reports);
        Assert.StartsWith("Exception in callback ", report.Message);
        Assert.Contains(nameof(Fail), report.Message);
        Assert.IsType<FormatException>(report.Exception);
        Assert.Same(handle, report.Handle);
    }

    [Fact]
    public void A_KeyboardInterruptException_goes_through_the_loop_which_can_run_again()
    {
        using var loop = new EventLoop();
        loop.CallSoon(Interrupt);
        loop.CallSoon(() => _log.Add("after"));
        Assert.Throws<KeyboardInterruptException>(loop.RunForever);
        Assert.False(loop.IsRunning);
        Assert.Null(EventLoop.Running);
        RunOnce(loop);
        Assert.Equal(["after"], _log);

        static void Interrupt() => throw new KeyboardInterruptException();
    }

    [Fact]
    public void Done_callbacks_run_through_the_loop_in_the_order_of_registration()
    {
        using var loop = new EventLoop();
        var reports = new List<ExceptionContext>();
        loop.SetExceptionHandler((_, context) => reports.Add(context));
        var future = loop.CreateFuture<int>();
        Action<Future> removed = _ => _log.Add("removed");
        future.AddDoneCallback(_ => _log.Add(1));
        future.AddDoneCallback(removed);
        future.AddDoneCallback(_ => Fail());
        future.AddDoneCallback(removed);
        future.AddDoneCallback(f => _log.Add(f));
        Assert.Equal(2, future.RemoveDoneCallback(removed));
        future.SetResult(5);
        Assert.Empty(_log);
        RunOnce(loop);
        Assert.Equal([1, future], _log);
        Assert.Same(future, Assert.Single(reports).Future);
        future.AddDoneCallback(_ => _log.Add("late"));
        RunOnce(loop);
        Assert.Equal("late", _log[^1]);
    }

    [Fact]
    public void Handles_of_other_threads_wake_a_loop_that_sleeps()
    {
        using var loop = new EventLoop();
        loop.CallSoon(() => new Thread(() => loop.CallSoonThreadsafe(() =>
        {
            _log.Add(EventLoop.Running!);
            loop.Stop();
        })).Start());
        loop.RunForever();
        Assert.Equal([loop], _log);
    }

    private static void Fail() => throw new FormatException();

    private static void RunOnce(EventLoop loop)
    {
        loop.Stop();
        loop.RunForever();
    }
}
