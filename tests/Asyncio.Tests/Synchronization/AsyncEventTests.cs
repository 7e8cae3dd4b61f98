using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

public class AsyncEventTests
{
    [Fact]
    public void Set_wakes_all_in_order_and_a_late_caller_does_not_wait() => Run(async () =>
    {
        var e = new AsyncEvent();
        var trace = new List<int>();
        var a = Aio.CreateTask(Wait(e, 1, trace));
        var b = Aio.CreateTask(Wait(e, 2, trace));
        await Pass();
        Assert.Equal("<AsyncEvent [unset, waiters:2]>", e.ToString());
        e.Set();
        e.Set();
        Assert.Equal("<AsyncEvent [set, waiters:2]>", e.ToString());
        await Wait(e, 3, trace);
        await All([a, b]);
        Assert.Equal([3, 1, 2], trace);
        Assert.Equal(new AsyncEventStatistics(true, 0), e.Statistics);
    });

    [Fact]
    public void Clearing_before_their_turn_does_not_hold_those_who_were_woken() => Run(async () =>
    {
        var e = new AsyncEvent();
        var trace = new List<int>();
        var a = Aio.CreateTask(Wait(e, 1, trace));
        await Pass();
        e.Set();
        e.Clear();
        Assert.False(e.IsSet);
        var b = Aio.CreateTask(Wait(e, 2, trace));
        await Pass();
        Assert.Equal([1], trace);
        e.Set();
        await All([a, b]);
        Assert.Equal([1, 2], trace);
    });

    [Fact]
    public void Waiting_gives_true() => Run(async () =>
    {
        var e = new AsyncEvent();
        var waiter = Aio.CreateTask(e.WaitAsync());
        await Pass();
        e.Set();
        Assert.True(await waiter);
        Assert.True(await e.WaitAsync());
    });

    [Fact]
    public void Cancelled_before_or_after_the_wake_up_it_leaves() => Run(async () =>
    {
        var e = new AsyncEvent();
        var trace = new List<int>();
        var a = Aio.CreateTask(Wait(e, 1, trace));
        var b = Aio.CreateTask(Wait(e, 2, trace));
        var c = Aio.CreateTask(Wait(e, 3, trace));
        await Pass();
        a.Cancel();
        e.Set();
        b.Cancel();
        await All([a, b, c]);
        Assert.Equal([3], trace);
        Assert.Equal(0, e.Statistics.Waiters);
    });

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited() => AssertBoundTo(new AsyncEvent().WaitAsync, "AsyncEvent");

    [Fact]
    public void Another_thread_sets_it_through_the_loop() => Run(async () =>
    {
        var e = new AsyncEvent();
        var loop = Aio.GetRunningLoop();
        var thread = new Thread(() => loop.CallSoonThreadsafe(e.Set));
        thread.Start();
        Assert.True(await e.WaitAsync());
        thread.Join();
    });

    [Fact]
    public void Ten_thousand_cancelled_waits_leave_nothing() => Run(async () =>
    {
        var e = new AsyncEvent();
        var watched = await AsyncLockTests.CancelMany(() => Wait(e, 0, []));
        Collect();
        Assert.All(watched, w => Assert.False(w.IsAlive));
        Assert.Equal(0, e.Statistics.Waiters);
    });

    private static async Coroutine Wait(AsyncEvent e, int name, List<int> trace)
    {
        Assert.True(await e.WaitAsync());
        trace.Add(name);
    }
}
