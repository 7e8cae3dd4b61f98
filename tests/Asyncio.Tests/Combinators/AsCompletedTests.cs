using Asyncio.Tests.Coroutines;
using Asyncio.Tests.Runtime;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Combinators;

public class AsCompletedTests
{
    [Fact]
    public void Tasks_come_out_as_they_went_in_in_the_order_of_completion() => Run(async s =>
    {
        AsyncTask<string>[] tasks = [Aio.CreateTask(Give("a", 5)), Aio.CreateTask(Give("b", 1)), Aio.CreateTask(Give("c", 3))];
        var seen = new List<AsyncTask<string>>();
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            Assert.True(task.Done());
            s.Trace(await task);
            seen.Add(task);
        }

        Assert.Equal("b, c, a", s.Text);
        Assert.Equal([tasks[1], tasks[2], tasks[0]], seen);
    });

    [Fact]
    public void Coroutines_become_tasks_and_failures_come_like_results() => Run(async s =>
    {
        await foreach (var task in Aio.AsCompleted([Throw(new FormatException(), 3), Give(2, 1)]))
        {
            s.Trace(await Attempt(task));
        }

        await foreach (AsyncTask task in Aio.AsCompleted(new List<Coroutine> { Spin(1) }))
        {
            await task;
        }

        await foreach (var future in Aio.AsCompleted(new IAwaitable<int>[] { Give(3, 1), Aio.CreateTask(Give(4, 2)) }))
        {
            s.Trace(await Attempt(future));
        }

        Assert.Equal("result 2, Format, result 3, result 4", s.Text);
    });

    [Fact]
    public void Duplicates_come_once_and_nothing_gives_nothing() => Run(async () =>
    {
        var task = Aio.CreateTask(Give(1));
        var came = 0;
        await foreach (var __ in Aio.AsCompleted([task, task]))
        {
            came++;
        }

        await foreach (var __ in Aio.AsCompleted(new List<AsyncTask>()))
        {
            came++;
        }

        Assert.Equal(1, came);
    });

    [Fact]
    public void The_iteration_can_be_resumed() => Run(async s =>
    {
        var sequence = Aio.AsCompleted([Give("a", 5), Give("b", 1), Give("c", 9)]);
        await foreach (var task in sequence)
        {
            s.Trace($"first {await task}");
            break;
        }

        Assert.Equal(2, sequence.Remaining);
        await foreach (var task in sequence)
        {
            s.Trace($"second {await task}");
        }

        Assert.Equal("first b, second a, second c", s.Text);
    });

    [Fact]
    public void A_loop_that_is_left_keeps_nothing_on_what_has_not_ended() => Run(async s =>
    {
        const int Times = 20;
        var longLived = Forever();
        var left = new List<WeakReference>();
        for (var i = 0; i < Times; i++)
        {
            left.Add(await LeaveEarly(longLived));
        }

        OnLoop.CollectGarbage();
        Assert.InRange(left.Count(reference => reference.IsAlive), 0, Times / 2); // pooled frames may still refer to the last ones
        Assert.False(longLived.IsCompleted);

        static async Coroutine<WeakReference> LeaveEarly(Future<int> longLived)
        {
            var sequence = Aio.AsCompleted(new[] { longLived, Aio.CreateTask(Give(1)) }, 3600);
            await foreach (var task in sequence)
            {
                Assert.Equal(1, await task);
                break;
            }

            return new WeakReference(sequence); // what a listener would hold
        }
    });

    [Fact]
    public void A_pause_counts_for_the_timeout_and_what_ended_in_it_comes_first() => RunOnOwnClock(async s =>
    {
        var (late, never) = (Aio.CreateTask(Give("late", 3)), Forever());
        var sequence = Aio.AsCompleted(new Future[] { never, late, Aio.CreateTask(Give("first", 1)) }, 0.05);
        await foreach (var task in sequence)
        {
            break;
        }

        await late;
        await Aio.Sleep(0.06);
        try
        {
            await foreach (var task in sequence)
            {
                s.Trace(ReferenceEquals(task, late) ? "late" : "other");
            }
        }
        catch (TimeoutException)
        {
            s.Trace("timeout");
        }

        Assert.Equal("late, timeout", s.Text);
    });

    [Fact]
    public void Of_two_loops_one_may_be_left() => Run(async s =>
    {
        var sequence = Aio.AsCompleted([Give("a", 1), Give("b", 3), Give("c", 5)]);
        var other = Aio.CreateTask(Loop());
        await foreach (var task in sequence)
        {
            break;
        }

        await other;
        Assert.Equal(0, sequence.Remaining);

        async Coroutine Loop()
        {
            await foreach (var task in sequence)
            {
            }
        }
    });

    [Fact]
    public void After_the_timeout_each_step_throws_and_what_had_ended_still_comes() => RunOnOwnClock(async s =>
    {
        var gate = Forever();
        var slow = Aio.CreateTask(gate.AsCoroutine());
        var quick = Aio.CreateTask(Give(1));
        try
        {
            await foreach (var task in Aio.AsCompleted([slow, quick], 0.01))
            {
                await Aio.Sleep(0.02);
                s.Trace($"came {await task}");
            }
        }
        catch (TimeoutException)
        {
            s.Trace("timeout");
        }

        Assert.Equal("came 1, timeout", s.Text);
        gate.SetResult(2);
        Assert.Equal(2, await slow);
    });

    [Fact]
    public void Several_may_wait_at_once() => Run(async s =>
    {
        var sequence = Aio.AsCompleted([Give("a", 5), Give("b", 1)]);
        var second = sequence.NextAsync();
        var first = Aio.CreateTask(Take("first", sequence.NextAsync()));
        await Aio.Gather(first, Aio.CreateTask(Take("second", second)));
        Assert.Equal("first b, second a", s.Text);
        Assert.Throws<InvalidOperationException>(() => sequence.NextAsync());

        async Coroutine<int> Take(string name, Coroutine<AsyncTask<string>> next)
        {
            var task = await next;
            s.Trace($"{name} {await task}");
            return 0;
        }
    });

    [Fact]
    public void A_cancelled_consumer_leaves_the_tasks_alone_and_swallows_nothing() => Run(async () =>
    {
        var future = Forever();
        var sequence = Aio.AsCompleted([future, Forever()]);
        var doomed = Aio.CreateTask(sequence.NextAsync());
        var other = Aio.CreateTask(sequence.NextAsync());
        await Aio.Yield();
        future.SetResult(1);
        await Aio.Yield();
        doomed.Cancel();
        Assert.Equal("Cancelled", await Attempt(doomed));
        Assert.Same(future, await other);
    });

    [Fact]
    public void It_is_an_async_enumerable_for_others() => Run(async () =>
    {
        IAsyncEnumerable<AsyncTask<int>> sequence = Aio.AsCompleted([Give(1, 3), Give(2, 1)]);
        var list = new List<int>();
        await foreach (var task in sequence)
        {
            list.Add(task.Result());
        }

        Assert.Equal([2, 1], list);
    });

    // Time passes only where the loop waits: what is ready goes before a timeout, however slow the machine is.
    private static void RunOnOwnClock(Func<Scenario, Coroutine> body) => Run(body, new JumpingClock());
}
