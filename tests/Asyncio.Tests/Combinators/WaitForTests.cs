using Asyncio.Tests.Coroutines;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Combinators;

public class WaitForTests
{
    [Fact]
    public void A_result_in_time_passes_through() => Run(async () =>
    {
        Assert.Equal("r", await Aio.WaitFor(Give("r", 2), 60));
        Assert.Equal("r", await Aio.WaitFor(Give("r", 2), TimeSpan.FromMinutes(1)));
        Assert.Equal("r", await Aio.WaitFor(Give("r"), double.PositiveInfinity));
        Assert.Equal("r", await Aio.WaitFor(Aio.CreateTask(Give("r")), 60));
        await Aio.WaitFor(Spin(2), 60);
        await Aio.WaitFor(Aio.CreateTask(Spin(2)), 60);
        await Aio.WaitFor(Aio.Yield(), 60);
        await Aio.WaitFor(Coroutine.Completed, 60);
        Assert.Equal(5, await Aio.WaitFor(Coroutine.FromResult(5), 60));
        Assert.Equal(0, Requests);
    });

    [Fact]
    public void A_failure_in_time_passes_through() => Run(async () =>
        Assert.Equal("Format", await Attempt(Aio.WaitFor(Throw(new FormatException(), 1), 60))));

    [Fact]
    public void The_timeout_says_what_took_too_long_and_the_limit() => Run(async s =>
    {
        Assert.Equal("Aio.WaitFor: Scenario.Hang had not ended after 0.01 s.", await MessageOf(Aio.WaitFor(s.Hang("a"), timeout: 0.01)));
        Assert.Equal("Aio.WaitFor: Task b had not ended after 0.01 s.", await MessageOf(Aio.WaitFor(Aio.CreateTask(s.Hang("b"), name: "b"), TimeSpan.FromMilliseconds(10))));
        Assert.Equal("Aio.WaitFor: Future<Int32> had not ended after 0.01 s.", await MessageOf(Aio.WaitFor(Forever(), 0.01)));
        Assert.Equal("Aio.WaitFor: Scenario.Hang had not ended after 0 s.", await MessageOf(Aio.WaitFor(s.Hang("c"), -1)));

        static async Coroutine<string> MessageOf(Coroutine<int> coroutine) => (await OnLoop.Throws<TimeoutException>(async () => await coroutine)).Message;
    });

    [Fact]
    public void Too_late_is_a_timeout_that_was_a_cancellation()
    {
        var s = Run(async s =>
        {
            var error = await Assert.ThrowsAsync<TimeoutException>(() => Aio.WaitFor(s.Hang("inside"), 0.01).AsTask(Aio.GetRunningLoop()));
            Assert.IsType<CancelledException>(error.InnerException);
            s.Trace(await Attempt(Aio.WaitFor(Forever(), 0.01)));
            Assert.Equal(0, Requests);
        });
        Assert.Equal("inside: Cancelled, Timeout", s.Text);
    }

    [Fact]
    public void The_coroutine_runs_in_the_callers_task_and_context() => Run(async () =>
    {
        var local = new AsyncLocal<int>();
        var caller = Aio.CurrentTask();
        await Aio.WaitFor(Body(), 60);
        Assert.Equal(1, local.Value);

        async Coroutine Body()
        {
            await Aio.Yield();
            Assert.Same(caller, Aio.CurrentTask());
            local.Value = 1;
        }
    });

    [Fact]
    public void With_no_time_a_coroutine_is_never_started() => Run(async s =>
    {
        Assert.Equal("Timeout", await Attempt(Aio.WaitFor(s.Hang("never"), 0)));
        Assert.Equal("Timeout", await Attempt(Aio.WaitFor(s.Hang("never"), -1)));
        Assert.Equal("", s.Text);
        Assert.Equal(0, Requests);
    });

    [Fact]
    public void With_no_time_what_is_done_counts() => Run(async () =>
    {
        var future = new Future<int>();
        var pending = new Future<int>();
        future.SetResult(3);
        Assert.Equal(3, await Aio.WaitFor(future, 0));
        Assert.Equal("Timeout", await Attempt(Aio.WaitFor(pending, 0)));
        Assert.True(pending.Cancelled());
        Assert.Equal("Cancelled", await Attempt(Aio.WaitFor(pending, 0)));
    });

    [Fact]
    public void A_limit_of_zero_takes_three_iterations()
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(s.Hang("body"));
            await Aio.Yield();
            var ticks = Aio.CreateTask(s.Ticks(5));
            s.Trace(await Attempt(Aio.WaitFor(task, 0)));
            await ticks;
        });
        Assert.Equal("tick 1, body: Cancelled, tick 2, tick 3, Timeout, tick 4, tick 5", s.Text);
    }

    [Fact]
    public void A_task_that_ignores_the_cancellation_is_waited_for() => Run(async () =>
    {
        var task = Aio.CreateTask(Stubborn());
        Assert.Equal("late", await Aio.WaitFor(task, 0.01));
        Assert.Equal(1, task.Cancelling());
        Assert.Equal("late", await Aio.WaitFor(Stubborn(), 0.01));
        Assert.Equal(0, Requests);

        static async Coroutine<string> Stubborn()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                await Aio.Sleep(0.02);
            }

            return "late";
        }
    });

    [Fact]
    public void A_failure_in_the_cleanup_replaces_the_timeout() => Run(async () =>
    {
        Assert.Equal("Format", await Attempt(Aio.WaitFor(Fails(), 0.01)));
        Assert.Equal("Format", await Attempt(Aio.WaitFor(Aio.CreateTask(Fails()), 0.01)));
        Assert.Equal(0, Requests);

        static async Coroutine<int> Fails()
        {
            try
            {
                return await Forever();
            }
            finally
            {
                throw new FormatException();
            }
        }
    });

    [Fact]
    public void Cancelling_the_waiter_cancels_what_it_waits_for()
    {
        var s = Run(async s =>
        {
            var inner = Aio.CreateTask(s.Hang("inner"));
            var waiter = Aio.CreateTask(Aio.WaitFor(inner, 60));
            await Spin(2);
            waiter.Cancel("m");
            s.Trace(await Attempt(waiter));
            Assert.Equal(1, inner.Cancelling());
        });
        Assert.Equal("inner: Cancelled(m), Cancelled(m)", s.Text);
    }

    [Fact]
    public void A_cancellation_is_not_lost_when_the_inner_finished_in_the_same_iteration() => Run(async () =>
    {
        var inner = Forever();
        var waiter = Aio.CreateTask(Aio.WaitFor(inner, 60));
        await Aio.Yield();
        inner.SetResult(1);
        Assert.True(waiter.Cancel());
        Assert.Equal("Cancelled", await Attempt(waiter));
        Assert.Equal(1, inner.Result());
    });

    [Fact]
    public void A_shielded_task_outlives_the_limit() => Run(async () =>
    {
        var gate = Forever();
        var task = Aio.CreateTask(gate.AsCoroutine());
        Assert.Equal("Timeout", await Attempt(Aio.WaitFor(Aio.Shield(task), 0.01)));
        Assert.Equal("Timeout", await Attempt(Aio.WaitFor(Aio.Shield(task), 0)));
        gate.SetResult(7);
        Assert.Equal(7, await task);
    });

    [Fact]
    public void One_that_is_thrown_away_closes_its_coroutine() => Run(async () =>
    {
        var inner = Give(1);
        Aio.WaitFor(inner, 1).Close();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await inner);
        var task = Aio.CreateTask(Aio.WaitFor(Give(1), 60));
        task.Cancel();
        Assert.Equal("Cancelled", await Attempt(task));
    });
}
