using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Combinators;

public class ShieldTests
{
    [Fact]
    public void Outcomes_pass_through() => Run(async () =>
    {
        Assert.Equal("r", await Aio.Shield(Give("r", 2)));
        Assert.Equal("Format", await Attempt(Aio.Shield(Throw(new FormatException(), 1))));
        await Aio.Shield(Spin(2));
    });

    [Fact]
    public void A_finished_future_is_given_back_itself() => Run(async () =>
    {
        var future = new Future<int>();
        Assert.NotSame(future, Aio.Shield(future));
        future.SetResult(1);
        Assert.Same(future, Aio.Shield(future));
        await Aio.Yield();
    });

    [Fact]
    public void A_cancelled_outer_leaves_the_inner() => Run(async () =>
    {
        var gate = Forever();
        var inner = Aio.CreateTask(gate.AsCoroutine());
        var waiter = Aio.CreateTask(Wait());
        await Spin(2);
        waiter.Cancel("m");
        Assert.Equal("Cancelled(m)", await Attempt(waiter));
        gate.SetResult(3);
        Assert.Equal(3, await inner);
        Assert.Equal(0, inner.Cancelling());

        async Coroutine<int> Wait() => await Aio.Shield(inner);
    });

    [Fact]
    public void A_cancelled_inner_cancels_the_outer() => Run(async () =>
    {
        var inner = Forever();
        var outer = Aio.Shield(inner);
        inner.Cancel();
        Assert.False(outer.Done());
        Assert.Equal("Cancelled", await Attempt(outer));
        Assert.True(outer.Cancelled());
    });

    [Fact]
    public void A_late_failure_is_reported_once_however_many_shields()
    {
        var s = Run(async () =>
        {
            var inner = Forever();
            var first = Aio.Shield(inner);
            var second = Aio.Shield(inner);
            first.Cancel();
            second.Cancel();
            await Aio.Yield();
            inner.SetException(new FormatException("late"));
            await Spin(2);

            var fine = Forever();
            Aio.Shield(fine).Cancel();
            await Aio.Yield();
            fine.SetResult(1);
            await Spin(2);
        });
        var report = Assert.Single(s.Reports);
        Assert.Equal("FormatException exception in shielded future", report.Message);
        Assert.IsType<FormatException>(report.Exception);
    }

    [Fact]
    public void A_gathering_of_shields_cancels_the_shields_only() => Run(async () =>
    {
        var (a, b) = (Forever(), Forever());
        var gathering = Aio.Gather(Aio.Shield(a), Aio.Shield(b));
        Assert.True(gathering.Cancel());
        Assert.Equal("Cancelled", await Attempt(gathering));
        Assert.False(a.Done() || b.Done());
    });

    [Fact]
    public void It_takes_one_iteration_more_than_the_task()
    {
        var s = Run(async s =>
        {
            var ticks = Aio.CreateTask(s.Ticks(5));
            await Aio.Shield(Body());
            s.Trace("awaited");
            await ticks;

            async Coroutine<int> Body()
            {
                s.Trace("body");
                return 1;
            }
        });
        Assert.Equal("tick 1, body, tick 2, tick 3, awaited, tick 4, tick 5", s.Text);
    }
}
