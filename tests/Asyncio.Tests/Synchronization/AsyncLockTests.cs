using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

public class AsyncLockTests
{
    [Fact]
    public void A_free_lock_is_acquired_without_suspending() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var ran = false;
        Aio.GetRunningLoop().CallSoon(() => ran = true);
        await mutex.AcquireAsync();
        Assert.False(ran);
        Assert.True(mutex.IsLocked);
        Assert.True(mutex.Locked());
        mutex.Release();
        Assert.False(mutex.IsLocked);
    });

    [Fact]
    public void Nothing_happens_before_the_await() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var acquire = mutex.AcquireAsync();
        Assert.False(mutex.IsLocked);
        await mutex.AcquireAsync();
        mutex.Release();
        await acquire;
        Assert.True(mutex.IsLocked);
        mutex.AcquireAsync().Close();
    });

    [Fact]
    public void A_free_lock_that_was_taken_between_call_and_await_is_waited_for() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var acquire = mutex.AcquireAsync();
        Assert.True(mutex.TryAcquire());
        var waiter = Aio.CreateTask(acquire);
        await Pass();
        Assert.Equal(1, mutex.Statistics.Waiters);
        mutex.Release();
        (await waiter).Dispose();
        Assert.False(mutex.IsLocked);
    });

    [Fact]
    public void Releasing_a_free_lock_is_an_error()
    {
        var error = Assert.Throws<InvalidOperationException>(new AsyncLock().Release);
        Assert.Equal("Lock is not acquired.", error.Message);
    }

    [Fact]
    public void Using_releases_on_every_way_out() => Run(async () =>
    {
        var mutex = new AsyncLock();
        using (await mutex.AcquireAsync())
        {
            Assert.True(mutex.IsLocked);
        }

        Assert.False(mutex.IsLocked);
        try
        {
            using (await mutex.AcquireAsync())
            {
                throw new FormatException();
            }
        }
        catch (FormatException)
        {
            Assert.False(mutex.IsLocked);
        }

        default(AsyncLockReleaser).Dispose();
    });

    [Fact]
    public void Waiters_are_served_in_order() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(mutex, name, trace))).ToArray();
        await Pass(2);
        Assert.Empty(trace);
        Assert.Equal("<AsyncLock [locked, waiters:3]>", mutex.ToString());
        mutex.Release();
        await All(tasks);
        Assert.Equal(["a", "b", "c"], trace);
        Assert.Equal("<AsyncLock [unlocked]>", mutex.ToString());
    });

    [Fact]
    public void A_late_arrival_does_not_overtake() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var first = Aio.CreateTask(Take(mutex, "first", trace));
        await Pass();
        mutex.Release();
        Assert.False(mutex.IsLocked); // until the first has its turn; yet nobody else can have it
        Assert.False(mutex.TryAcquire());
        await Take(mutex, "late", trace);
        await first;
        Assert.Equal(["first", "late"], trace);
    });

    [Fact]
    public void Cancelled_while_waiting_it_leaves_the_line() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var a = Aio.CreateTask(Take(mutex, "a", trace));
        var b = Aio.CreateTask(Take(mutex, "b", trace));
        var c = Aio.CreateTask(Take(mutex, "c", trace));
        await Pass();
        b.Cancel();
        await Pass();
        Assert.Equal(2, mutex.Statistics.Waiters);
        mutex.Release();
        await All([a, b, c]);
        Assert.True(b.IsCanceled);
        Assert.Equal(["a", "c"], trace);
    });

    [Fact]
    public void Cancelled_between_wake_and_turn_it_passes_the_lock_on() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var a = Aio.CreateTask(Take(mutex, "a", trace));
        var b = Aio.CreateTask(Take(mutex, "b", trace));
        await Pass();
        mutex.Release();
        a.Cancel();
        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal(["b"], trace);
        Assert.False(mutex.IsLocked);
    });

    [Fact]
    public void Cancelled_and_released_in_one_step_it_passes_the_lock_on() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var a = Aio.CreateTask(Take(mutex, "a", trace));
        var b = Aio.CreateTask(Take(mutex, "b", trace));
        await Pass();
        a.Cancel();
        mutex.Release();
        Assert.Empty(trace);
        await Pass(); // a leaves, and wakes b; as in asyncio b's turn is one iteration later
        Assert.Empty(trace);
        await Pass();
        Assert.Equal(["b"], trace);
        await All([a, b]);
    });

    [Fact]
    public void A_newcomer_takes_the_lock_when_all_who_wait_are_cancelled() => Run(async () =>
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var a = Aio.CreateTask(Take(mutex, "a", []));
        await Pass();
        a.Cancel();
        mutex.Release();
        Assert.True(mutex.TryAcquire());
        await Outcome(a);
        Assert.True(mutex.IsLocked);
        Assert.Equal(0, mutex.Statistics.Waiters);
    });

    [Fact]
    public void Its_owner_is_a_task() => Run(async () =>
    {
        var mutex = new AsyncLock();
        Assert.Null(mutex.Statistics.Owner);
        using (await mutex.AcquireAsync())
        {
            Assert.Same(Aio.CurrentTask(), mutex.Statistics.Owner);
            var waiter = Aio.CreateTask(Hold(mutex));
            await Pass();
            mutex.Release();
            await Pass(2);
            Assert.Same(waiter, mutex.Statistics.Owner);
            waiter.Cancel();
            await Outcome(waiter);
            Assert.Equal(new AsyncLockStatistics(false, 0, null), mutex.Statistics);
            Assert.True(mutex.TryAcquire());
            Assert.Same(Aio.CurrentTask(), mutex.Statistics.Owner);
        }
    });

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited()
    {
        var mutex = new AsyncLock();
        Run(async () => { using (await mutex.AcquireAsync()) { } });
        Run(async () => await mutex.AcquireAsync()); // no wait, no binding
        AssertBoundTo(mutex.AcquireAsync, "AsyncLock");
        mutex.Release();
        Run(async () => { using (await mutex.AcquireAsync()) { } });
    }

    [Fact]
    public void Foreign_code_waits_for_it_too() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var trace = new List<string>();
        await mutex.AcquireAsync();
        var foreign = Aio.CreateTask(AwaitForeign(Foreign));
        await Pass(2);
        Assert.Equal(["waits"], trace);
        mutex.Release();
        await foreign;
        Assert.Equal(["waits", "has", "again"], trace);

        async Task Foreign()
        {
            trace.Add("waits");
            using (await mutex.AcquireAsync())
            {
                trace.Add("has");
            }

            using (await mutex.AcquireAsync())
            {
                trace.Add("again");
            }
        }
    });

    [Fact]
    public void Foreign_code_that_waits_is_cancelled_with_its_task() => Run(async () =>
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var foreign = Aio.CreateTask(AwaitForeign(Foreign));
        await Pass(2);
        Assert.Equal(1, mutex.Statistics.Waiters);
        foreign.Cancel();
        Assert.Equal("cancelled", await Outcome(foreign));
        Assert.Equal(0, mutex.Statistics.Waiters);

        async Task Foreign() => (await mutex.AcquireAsync()).Dispose();
    });

    [Fact]
    public void Outside_any_task_an_await_is_an_error()
    {
        var mutex = new AsyncLock();
        var error = Assert.Throws<InvalidOperationException>(() => Foreign().GetAwaiter().GetResult());
        Assert.Contains("no task of an event loop", error.Message, StringComparison.Ordinal);
        Assert.False(mutex.IsLocked);

        async Task Foreign() => await mutex.AcquireAsync();
    }

    [Fact]
    public void Awaiting_twice_is_an_error() => Run(async () =>
    {
        var mutex = new AsyncLock();
        var acquire = mutex.AcquireAsync();
        (await acquire).Dispose();
        await Error<InvalidOperationException, AsyncLockReleaser>(AwaitAgain(acquire));
        Assert.False(mutex.IsLocked);
    });

    [Fact]
    public void Ten_thousand_cancelled_waits_leave_nothing() => Run(async () =>
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var watched = await CancelMany(() => Hold(mutex));
        Collect();
        Assert.All(watched, w => Assert.False(w.IsAlive));
        Assert.Equal(0, mutex.Statistics.Waiters);
        mutex.Release();
    });

    /// <summary>Starts 10,000 tasks, cancels them while they wait, and gives weak references to some.</summary>
    internal static async Coroutine<WeakReference[]> CancelMany(Func<Coroutine> wait)
    {
        var tasks = Enumerable.Range(0, 10_000).Select(_ => Aio.CreateTask(wait())).ToArray();
        await Pass(2);
        foreach (var task in tasks)
        {
            task.Cancel();
        }

        await Pass(4);
        Assert.All(tasks, task => Assert.True(task.IsCanceled));
        return [.. tasks.Where((_, i) => i % 100 == 0).Select(task => new WeakReference(task))];
    }

    private static async Coroutine AwaitForeign(Func<Task> start) => await start();

    private static async Coroutine<AsyncLockReleaser> AwaitAgain(Coroutine<AsyncLockReleaser> acquire) => await acquire;

    private static async Coroutine Hold(AsyncLock mutex)
    {
        using (await mutex.AcquireAsync())
        {
            await Aio.Sleep(double.PositiveInfinity);
        }
    }

    private static async Coroutine Take(AsyncLock mutex, string name, List<string> trace)
    {
        await mutex.AcquireAsync();
        try
        {
            trace.Add(name);
            await Aio.Yield();
        }
        finally
        {
            mutex.Release();
        }
    }
}
