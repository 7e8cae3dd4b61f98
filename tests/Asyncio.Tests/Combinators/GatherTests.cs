using Asyncio.Tests.Coroutines;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Combinators;

public class GatherTests
{
    [Fact]
    public void A_tuple_has_the_types_and_the_order_of_the_arguments() => Run(async () =>
    {
        var (number, text) = await Aio.Gather(Give(1, 3), Give("two"));
        Assert.Equal((1, "two"), (number, text));
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8), await Aio.Gather(Give(1), Give(2), Give(3), Give(4), Give(5), Give(6), Give(7), Give(8)));
        Assert.Equal((1, 2, "3", 4, 5), await Aio.Gather(Give(1), Give(2), Give("3"), Give(4), Give(5)));
    });

    [Fact]
    public void Mixes_infer() => Run(async () =>
    {
        var future = new Future<double>();
        var task = Aio.CreateTask(Give("task", 1));
        Aio.GetRunningLoop().CallSoon(() => future.SetResult(0.5));
        var (a, b, c) = await Aio.Gather(Give(1), task, future);
        Assert.Equal((1, "task", 0.5), (a, b, c));
    });

    [Fact]
    public void Coroutines_without_a_result_are_gathered_too() => Run(async s =>
    {
        await Aio.Gather(Say("a"), Say("b"));
        var (number, _) = await Aio.Gather(Give(1), Say("c"));
        await Aio.Gather(Aio.Sleep(0), Aio.Yield(), Coroutine.Completed);
        Assert.Equal(1, number);
        Assert.Equal("a, b, c", s.Text);

        async Coroutine Say(string text)
        {
            await Aio.Yield();
            s.Trace(text);
        }
    });

    [Fact]
    public void It_acts_at_the_call_and_starts_in_the_order_of_the_arguments() => Run(async s =>
    {
        var gathering = Aio.Gather(Work("a"), Work("b"));
        s.Trace("gathered");
        await Spin(3);
        Assert.True(gathering.Done());
        Assert.Equal("gathered, a, b", s.Text);

        async Coroutine<int> Work(string name)
        {
            s.Trace(name);
            return 1;
        }
    });

    [Fact]
    public void It_takes_one_iteration_more_than_its_slowest_child()
    {
        var s = Run(async s =>
        {
            var ticks = Aio.CreateTask(s.Ticks(6));
            await Aio.Gather(Work("a", 0), Work("b", 2));
            s.Trace("gathered");
            await ticks;

            async Coroutine<int> Work(string name, int turns)
            {
                await Spin(turns);
                s.Trace($"{name} ends");
                return 1;
            }
        });
        Assert.Equal("tick 1, a ends, tick 2, tick 3, b ends, tick 4, tick 5, gathered, tick 6", s.Text);
    }

    [Fact]
    public void Children_done_beforehand_complete_it_at_once() => Run(async () =>
    {
        var future = new Future<int>();
        future.SetResult(1);
        var task = Aio.CreateTask(Give(2));
        await task;
        var gathering = Aio.Gather(future, task);
        Assert.Equal((1, 2), gathering.Result());
    });

    [Fact]
    public void The_same_coroutine_twice_runs_once() => Run(async s =>
    {
        var coroutine = Work();
        Assert.Equal(new[] { "r", "between", "r" }, await Aio.GatherAll([coroutine, Give("between"), coroutine]));
        coroutine = Work();
        Assert.Equal(("r", "r"), await Aio.Gather(coroutine, coroutine));
        Assert.Equal("runs, runs", s.Text);
        var used = Work();
        await used;
        Assert.Throws<InvalidOperationException>(() => Aio.Gather(used, Coroutine.FromResult(1)));

        async Coroutine<string> Work()
        {
            s.Trace("runs");
            await Aio.Yield();
            return "r";
        }
    });

    [Fact]
    public void Futures_of_two_loops_are_an_error() => Run(async () =>
    {
        using var other = new EventLoop();
        var mine = Forever();
        var foreign = other.CreateFuture<int>();
        Assert.Throws<ArgumentException>(() => Aio.Gather(mine, foreign));
        await Aio.Yield();
    });

    [Fact]
    public void Without_a_loop_it_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Aio.Gather(Give(1), Give(2)));
        Assert.Throws<InvalidOperationException>(() => Aio.GatherAll(Array.Empty<Coroutine<int>>()));
    }

    [Fact]
    public void The_first_failure_ends_it_and_the_siblings_run_on()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Aio.Gather(Work("a", 3), Throw(new FormatException(), 1), Work("b", 4))));
            await Spin(4);
            s.Trace("end");

            async Coroutine<int> Work(string name, int turns)
            {
                await Spin(turns);
                s.Trace($"{name} ends");
                return 1;
            }
        });
        Assert.Equal("a ends, Format, b ends, end", s.Text);
    }

    [Fact]
    public void Later_failures_count_as_seen()
    {
        var s = Run(async s =>
        {
            await Use();
            await Spin(4);
            OnLoop.CollectGarbage();
            await Aio.Sleep(0.01);

            async Coroutine Use() =>
                s.Trace(await Attempt(Aio.Gather(Throw(new FormatException()), Throw(new TimeZoneNotFoundException(), 1), Throw(new DivideByZeroException(), 2))));
        });
        Assert.Equal("Format", s.Text);
        Assert.Empty(s.Reports);
    }

    [Fact]
    public void A_cancelled_child_is_a_failure_and_the_gathering_is_not_cancelled() => Run(async () =>
    {
        var victim = Aio.CreateTask(Give("never", 9));
        var sibling = Aio.CreateTask(Give("sibling", 3));
        var gathering = Aio.Gather(victim, sibling);
        await Aio.Yield();
        victim.Cancel("child");
        await Spin(2);
        Assert.True(gathering.Done());
        Assert.False(gathering.Cancelled());
        Assert.Equal("Cancelled(child)", Kind(gathering.Exception()));
        Assert.Equal("sibling", await sibling);
    });

    [Fact]
    public void A_task_that_awaits_a_gathering_with_a_cancelled_child_ends_cancelled() => Run(async () =>
    {
        var victim = Aio.CreateTask(Give(1, 9));
        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        victim.Cancel();
        await Aio.Wait([task]);
        Assert.True(task.Cancelled());
        Assert.Equal(0, task.Cancelling());

        async Coroutine Waiter() => await Aio.GatherAll(victim);
    });

    [Fact]
    public void Cancelling_it_cancels_the_children_and_it_is_not_cancelled_itself()
    {
        var s = Run(async s =>
        {
            var gathering = Aio.Gather(s.Hang("a"), s.Hang("b"));
            await Aio.Yield();
            Assert.True(gathering.Cancel("all"));
            Assert.False(gathering.Done());
            s.Trace(await Attempt(gathering));
            Assert.False(gathering.Cancelled());
            Assert.False(gathering.Cancel());
        });
        Assert.Equal("a: Cancelled(all), b: Cancelled(all), Cancelled(all)", s.Text);
    }

    [Fact]
    public void Cancelled_it_ends_with_the_first_child_that_obeys()
    {
        var s = Run(async s =>
        {
            var gathering = Aio.Gather(s.Hang("slow", 3), s.Hang("quick"));
            await Aio.Yield();
            gathering.Cancel();
            s.Trace(await Attempt(gathering));
            await Spin(4);
        });
        Assert.Equal("quick: Cancelled, Cancelled, slow: Cancelled", s.Text);
    }

    [Fact]
    public void Cancelling_is_refused_once_the_children_are_done() => Run(async () =>
    {
        var gathering = Aio.GatherAll(Give(0), Give(1));
        await Aio.Yield();
        Assert.False(gathering.Done());
        Assert.False(gathering.Cancel());
        Assert.Equal(new[] { 0, 1 }, await gathering);
        Assert.False(gathering.Cancel());
    });

    [Fact]
    public void Children_that_swallow_the_cancellation_do_not_swallow_it_for_the_gathering() => Run(async () =>
    {
        var gathering = Aio.Gather(Stubborn(), Stubborn());
        await Aio.Yield();
        gathering.Cancel("m");
        Assert.Equal("Cancelled(m)", await Attempt(gathering));

        static async Coroutine<int> Stubborn()
        {
            try
            {
                return await Forever();
            }
            catch (CancelledException)
            {
                return 1;
            }
        }
    });

    [Fact]
    public void Cancelling_the_gathering_task_after_the_children_are_done_still_cancels_it() => Run(async () =>
    {
        var children = new[] { Aio.CreateTask(Give(1, 1)), Aio.CreateTask(Give(2, 1)) };
        var task = Aio.CreateTask(Gatherer());
        await Spin(2);
        Assert.True(children[0].Done());
        Assert.True(task.Cancel("late"));
        Assert.Equal("Cancelled(late)", await Attempt(task));

        async Coroutine<int> Gatherer() => (await Aio.GatherAll(children)).Length;
    });

    [Fact]
    public void Nested_gatherings_pass_a_cancellation_down()
    {
        var s = Run(async s =>
        {
            var inner = Aio.Gather(s.Hang("a"), s.Hang("b"));
            var outer = Aio.Gather(inner, s.Hang("c"));
            await Aio.Yield();
            outer.Cancel();
            s.Trace(await Attempt(outer));
            Assert.False(inner.Cancelled());
            await Spin(3);
            inner.Exception();
        });
        Assert.Equal("a: Cancelled, b: Cancelled, c: Cancelled, Cancelled", s.Text);
    }
}
