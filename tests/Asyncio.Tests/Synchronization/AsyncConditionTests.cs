using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

public class AsyncConditionTests
{
    [Fact]
    public void Notify_wakes_so_many_in_order() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var trace = new List<int>();
        var tasks = Enumerable.Range(1, 4).Select(i => Aio.CreateTask(Wait(condition, i, trace))).ToArray();
        await Pass(5);
        Assert.Equal("<AsyncCondition [unlocked, waiters:4]>", condition.ToString());
        using (await condition.AcquireAsync())
        {
            condition.Notify();
        }

        await Pass(3);
        Assert.Equal([1], trace);
        using (await condition.AcquireAsync())
        {
            condition.Notify(2);
        }

        await Pass(5);
        Assert.Equal([1, 2, 3], trace);
        using (await condition.AcquireAsync())
        {
            condition.NotifyAll();
            condition.Notify(100);
        }

        await All(tasks);
        Assert.Equal([1, 2, 3, 4], trace);
        Assert.False(condition.Locked());
    });

    [Fact]
    public void Without_the_lock_waiting_and_notifying_are_errors() => Run(async () =>
    {
        var condition = new AsyncCondition();
        Assert.Equal("cannot wait on un-acquired lock", (await Error<InvalidOperationException, bool>(condition.WaitAsync())).Message);
        Assert.Equal("cannot wait on un-acquired lock", (await Error<InvalidOperationException, bool>(condition.WaitForAsync(() => false))).Message);
        Assert.Equal("cannot notify on un-acquired lock", Assert.Throws<InvalidOperationException>(() => condition.Notify()).Message);
        Assert.Equal("cannot notify on un-acquired lock", Assert.Throws<InvalidOperationException>(condition.NotifyAll).Message);
        Assert.Equal("Lock is not acquired.", Assert.Throws<InvalidOperationException>(condition.Release).Message);
    });

    [Fact]
    public void A_predicate_that_holds_at_once_needs_no_lock_and_gives_its_value() => Run(async () =>
    {
        var condition = new AsyncCondition();
        Assert.True(await condition.WaitForAsync(() => true));
        Assert.Equal("found", await condition.WaitForAsync(() => "found"));
        Assert.Equal(7, await condition.WaitForAsync(() => 7));
    });

    [Fact]
    public void A_predicate_is_asked_again_after_each_notification() => Run(async () =>
    {
        var condition = new AsyncCondition();
        string? value = null;
        var asked = 0;
        var waiter = Aio.CreateTask(Find());
        await Pass(2);
        foreach (var next in new[] { null, null, "found" })
        {
            using (await condition.AcquireAsync())
            {
                value = next;
                condition.Notify();
            }

            await Pass(3);
        }

        Assert.Equal("found", await waiter);
        Assert.Equal(4, asked);

        async Coroutine<string> Find()
        {
            using (await condition.AcquireAsync())
            {
                return await condition.WaitForAsync(() =>
                {
                    asked++;
                    return value;
                });
            }
        }
    });

    [Fact]
    public void A_given_lock_is_shared() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var condition = new AsyncCondition(mutex);
        await mutex.AcquireAsync();
        Assert.True(condition.IsLocked);
        Assert.False(condition.TryAcquire());
        condition.Release();
        Assert.True(condition.TryAcquire());
        Assert.True(mutex.IsLocked);
        Assert.Same(Aio.CurrentTask(), condition.Statistics.Lock.Owner);
    });

    [Fact]
    public void Cancelled_it_takes_the_lock_again_before_it_throws() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var held = false;
        var waiter = Aio.CreateTask(Watch());
        await Pass(2);
        await condition.AcquireAsync();
        waiter.Cancel();
        await Pass(3);
        Assert.False(waiter.IsCompleted);
        Assert.Equal(1, condition.Statistics.Lock.Waiters);
        condition.Release();
        Assert.Equal("cancelled", await Outcome(waiter));
        Assert.True(held);
        Assert.False(condition.IsLocked);

        async Coroutine Watch()
        {
            await condition.AcquireAsync();
            try
            {
                await condition.WaitAsync();
            }
            finally
            {
                held = ReferenceEquals(Aio.CurrentTask(), condition.Statistics.Lock.Owner);
                condition.Release();
            }
        }
    });

    [Fact]
    public void Cancelled_again_while_it_takes_the_lock_it_throws_the_latest() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var waiter = Aio.CreateTask(Wait(condition, 1, []));
        await Pass(2);
        await condition.AcquireAsync();
        foreach (var message in new[] { "first", "second", "third" })
        {
            waiter.Cancel(message);
            await Pass(2);
            Assert.False(waiter.IsCompleted);
        }

        condition.Release();
        try
        {
            await waiter;
        }
        catch (CancelledException e)
        {
            Assert.Equal("third", e.CancelMessage);
        }

        Assert.True(waiter.IsCanceled);
        Assert.False(condition.IsLocked);
    });

    [Fact]
    public void A_notification_of_one_who_is_cancelled_goes_to_the_next() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var trace = new List<int>();
        var a = Aio.CreateTask(Wait(condition, 1, trace));
        var b = Aio.CreateTask(Wait(condition, 2, trace));
        await Pass(3);
        using (await condition.AcquireAsync())
        {
            condition.Notify();
            a.Cancel(); // between wake-up and turn
        }

        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal([2], trace);
    });

    [Fact]
    public void Cancelled_while_it_takes_the_lock_after_a_notification_it_wakes_another() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var trace = new List<int>();
        var a = Aio.CreateTask(Wait(condition, 1, trace));
        var b = Aio.CreateTask(Wait(condition, 2, trace));
        await Pass(3);
        await condition.AcquireAsync();
        condition.Notify();
        await Pass();
        a.Cancel();
        await Pass();
        condition.Release();
        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal([2], trace);
        Assert.Equal(new AsyncConditionStatistics(0, new AsyncLockStatistics(false, 0, null)), condition.Statistics);
    });

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited()
    {
        var condition = new AsyncCondition();
        Assert.True(condition.TryAcquire());
        AssertBoundTo(condition.WaitAsync, "AsyncCondition");
        Assert.True(condition.IsLocked); // refused before the lock was given up
    }

    [Fact]
    public void Ten_thousand_cancelled_waits_leave_nothing() => Run(async () =>
    {
        var condition = new AsyncCondition();
        var tasks = Enumerable.Range(0, 10_000).Select(_ => Aio.CreateTask(Wait(condition, 0, []))).ToArray();
        await Pass();
        tasks.ToList().ForEach(task => task.Cancel());
        await All(tasks);
        Assert.Equal(new AsyncConditionStatistics(0, new AsyncLockStatistics(false, 0, null)), condition.Statistics);
    });

    private static async Coroutine Wait(AsyncCondition condition, int name, List<int> trace)
    {
        using (await condition.AcquireAsync())
        {
            Assert.True(await condition.WaitAsync());
            trace.Add(name);
        }
    }
}
