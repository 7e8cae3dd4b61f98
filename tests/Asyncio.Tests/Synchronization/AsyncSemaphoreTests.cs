using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

public class AsyncSemaphoreTests
{
    [Fact]
    public void It_lets_as_many_in_as_it_has_permits() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(2);
        Assert.Equal("<AsyncSemaphore [unlocked, value:2]>", semaphore.ToString());
        await semaphore.AcquireAsync();
        Assert.False(semaphore.IsLocked);
        Assert.True(semaphore.TryAcquire());
        Assert.True(semaphore.Locked());
        Assert.False(semaphore.TryAcquire());
        Assert.Equal("<AsyncSemaphore [locked]>", semaphore.ToString());
        semaphore.Release();
        Assert.Equal(new AsyncSemaphoreStatistics(1, 0), semaphore.Statistics);
        using (await semaphore.AcquireAsync())
        {
            Assert.True(semaphore.IsLocked);
        }

        semaphore.Release();
        semaphore.Release(); // more than were taken: no error, one permit more
        Assert.Equal(3, semaphore.Statistics.Permits);
        default(AsyncSemaphoreReleaser).Dispose();
    });

    [Fact]
    public void A_negative_value_is_refused()
    {
        Assert.StartsWith("Semaphore initial value must be >= 0", Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(-1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncBoundedSemaphore(-1));
        Assert.True(new AsyncSemaphore(0).IsLocked);
    }

    [Fact]
    public void A_bounded_one_refuses_to_be_released_too_often() => Run(async () =>
    {
        var semaphore = new AsyncBoundedSemaphore(2);
        await semaphore.AcquireAsync();
        semaphore.Release();
        Assert.Equal("BoundedSemaphore released too many times.", Assert.Throws<InvalidOperationException>(semaphore.Release).Message);
        Assert.Equal("<AsyncBoundedSemaphore [unlocked, value:2]>", semaphore.ToString());
        using (await semaphore.AcquireAsync())
        {
        }

        Assert.Equal(2, semaphore.Statistics.Permits);
    });

    [Fact]
    public void Release_hands_the_permit_to_the_first_at_once() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var trace = new List<string>();
        var a = Aio.CreateTask(Take(semaphore, "a", trace));
        var b = Aio.CreateTask(Take(semaphore, "b", trace));
        await Pass();
        semaphore.Release();
        Assert.Equal(new AsyncSemaphoreStatistics(0, 2), semaphore.Statistics); // a has it, though its turn has not come
        semaphore.Release();
        semaphore.Release();
        Assert.Equal(1, semaphore.Statistics.Permits);
        Assert.True(semaphore.IsLocked); // those who were woken come first
        Assert.False(semaphore.TryAcquire());
        await Pass();
        Assert.Equal(["a", "b"], trace);
        Assert.Equal(new AsyncSemaphoreStatistics(1, 0), semaphore.Statistics);
        await All([a, b]);
    });

    [Fact]
    public void The_one_who_releases_cannot_barge_in() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore();
        var trace = new List<string>();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Rounds(name))).ToArray();
        await All(tasks);
        Assert.Equal(["a", "b", "c", "a", "b", "c"], trace);

        async Coroutine Rounds(string name)
        {
            for (var i = 0; i < 2; i++)
            {
                using (await semaphore.AcquireAsync())
                {
                    trace.Add(name);
                    await Aio.Yield();
                }
            }
        }
    });

    [Fact]
    public void Who_queued_behind_the_woken_is_let_in_by_them() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var trace = new List<string>();
        var a = Aio.CreateTask(Take(semaphore, "a", trace));
        await Pass();
        semaphore.Release();
        semaphore.Release();
        var late = Take(semaphore, "late", trace);
        await late;
        Assert.Equal(["a", "late"], trace);
        await a;
    });

    [Fact]
    public void Cancelled_while_waiting_it_leaves_the_line() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var trace = new List<string>();
        var a = Aio.CreateTask(Take(semaphore, "a", trace));
        var b = Aio.CreateTask(Take(semaphore, "b", trace));
        await Pass();
        a.Cancel();
        semaphore.Release();
        await All([a, b]);
        Assert.Equal(["b"], trace);
        Assert.Equal(new AsyncSemaphoreStatistics(0, 0), semaphore.Statistics);
    });

    [Fact]
    public void Cancelled_between_wake_and_turn_it_hands_the_permit_on() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var trace = new List<string>();
        var a = Aio.CreateTask(Take(semaphore, "a", trace));
        var b = Aio.CreateTask(Take(semaphore, "b", trace));
        await Pass();
        semaphore.Release();
        a.Cancel();
        await All([a, b]);
        Assert.True(a.IsCanceled);
        Assert.Equal(["b"], trace);

        var c = Aio.CreateTask(Take(semaphore, "c", trace));
        await Pass();
        semaphore.Release();
        c.Cancel();
        await Outcome(c);
        Assert.Equal(new AsyncSemaphoreStatistics(1, 0), semaphore.Statistics); // nobody waits: it is free again
    });

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited() => AssertBoundTo(new AsyncSemaphore(0).AcquireAsync, "AsyncSemaphore");

    [Fact]
    public void Ten_thousand_cancelled_waits_leave_nothing() => Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var watched = await AsyncLockTests.CancelMany(() => Take(semaphore, "", []));
        Collect();
        Assert.All(watched, w => Assert.False(w.IsAlive));
        Assert.Equal(new AsyncSemaphoreStatistics(0, 0), semaphore.Statistics);
    });

    private static async Coroutine Take(AsyncSemaphore semaphore, string name, List<string> trace)
    {
        await semaphore.AcquireAsync();
        trace.Add(name);
    }
}
