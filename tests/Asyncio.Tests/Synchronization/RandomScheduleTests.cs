using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

/// <summary>What must hold in every legal order, with cancellations at any moment. A failure names its seed, which replays it.</summary>
public class RandomScheduleTests
{
    private const int Seeds = 300;

    [Fact]
    public void A_lock_never_has_two_holders_and_is_granted_in_order() => ForEachSeed((random, chaos) =>
    {
        var mutex = new AsyncLock();
        var inside = 0;
        var arrivals = new List<IAsyncTask>();
        var granted = 0;
        return chaos.Start(12, async _ =>
        {
            for (var i = 0; i < 4; i++)
            {
                await Pass(random.Next(3));
                arrivals.Add(Aio.CurrentTask()!);
                try
                {
                    await mutex.AcquireAsync();
                }
                catch (CancelledException)
                {
                    arrivals.Remove(Aio.CurrentTask()!);
                    throw;
                }

                try
                {
                    var place = arrivals.IndexOf(Aio.CurrentTask()!);
                    Assert.All(arrivals.Take(place), earlier => Assert.True(earlier.Cancelling() > 0)); // it will not take it
                    arrivals.RemoveAt(place);
                    Assert.Equal(1, ++inside);
                    granted++;
                    await Pass(random.Next(3));
                }
                finally
                {
                    inside--;
                    mutex.Release();
                }
            }
        }, () =>
        {
            Assert.Equal(new AsyncLockStatistics(false, 0, null), mutex.Statistics);
            Assert.True(mutex.TryAcquire());
            Assert.True(granted > 0);
        });
    });

    [Fact]
    public void A_semaphore_keeps_its_permits() => ForEachSeed((random, chaos) =>
    {
        var permits = random.Next(1, 4);
        var semaphore = new AsyncBoundedSemaphore(permits);
        var inside = 0;
        return chaos.Start(14, async _ =>
        {
            for (var i = 0; i < 4; i++)
            {
                await Pass(random.Next(3));
                using (await semaphore.AcquireAsync())
                {
                    Assert.InRange(++inside, 1, permits);
                    try
                    {
                        await Pass(random.Next(3));
                    }
                    finally
                    {
                        inside--;
                    }
                }
            }
        }, () => Assert.Equal(new AsyncSemaphoreStatistics(permits, 0), semaphore.Statistics));
    });

    [Fact]
    public void A_condition_loses_no_notification() => ForEachSeed((random, chaos) =>
    {
        // A hand-made queue: as many items are offered as there are consumers left, so a lost wake-up would leave one waiting for ever.
        var condition = new AsyncCondition();
        var items = 0;
        return chaos.Start(10, async id =>
        {
            if (id % 2 == 0)
            {
                using (await condition.AcquireAsync())
                {
                    await condition.WaitForAsync(() => items > 0);
                    Assert.Same(Aio.CurrentTask(), condition.Statistics.Lock.Owner);
                    items--;
                }
            }
            else
            {
                await Pass(random.Next(4));
                await Aio.CreateTask(Offer()); // apart, so that a cancelled producer still offers
            }

            async Coroutine Offer()
            {
                using (await condition.AcquireAsync())
                {
                    items++;
                    condition.Notify();
                }
            }
        }, () => Assert.Equal(new AsyncConditionStatistics(0, new AsyncLockStatistics(false, 0, null)), condition.Statistics),
        mayCancel: id => id % 2 == 0);
    });

    [Fact]
    public void A_barrier_lets_only_full_groups_through() => ForEachSeed((random, chaos) =>
    {
        const int Parties = 3;
        var barrier = new AsyncBarrier(Parties);
        var indices = new List<int>();
        return chaos.Start(Parties * 4, async _ =>
        {
            await Pass(random.Next(4));
            indices.Add(await barrier.WaitAsync());
        }, () =>
        {
            Assert.Equal(0, barrier.Waiting);
            foreach (var group in indices.GroupBy(i => i))
            {
                Assert.Equal(4, group.Count());
            }
        }, mayCancel: _ => false);
    });

    internal static void ForEachSeed(Func<Random, Chaos, Coroutine> scenario)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            try
            {
                Run(() => scenario(random, new Chaos(random)), seed % 3 == 0 ? null : new RandomOrder(seed));
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"Seed {seed}: {e}");
            }
        }
    }
}

/// <summary>Starts tasks, cancels some of them at random moments, and sees to it that all end.</summary>
internal sealed class Chaos(Random random)
{
    public async Coroutine Start(int count, Func<int, Coroutine> body, Action atEnd, Func<int, bool>? mayCancel = null, Action? whenStuck = null)
    {
        var tasks = Enumerable.Range(0, count).Select(id => Aio.CreateTask(body(id))).ToArray();
        for (var i = 0; i < 40; i++)
        {
            await Pass(random.Next(3));
            var id = random.Next(count);
            if (random.Next(3) == 0 && mayCancel?.Invoke(id) != false)
            {
                tasks[id].Cancel();
            }
        }

        for (var turns = 0; tasks.Any(task => !task.IsCompleted); turns++)
        {
            if (turns == 200)
            {
                whenStuck?.Invoke();
            }

            Assert.True(turns < 1000, $"{tasks.Count(task => !task.IsCompleted)} tasks never end.");
            await Aio.Yield();
        }

        foreach (var task in tasks)
        {
            await Outcome(task);
        }

        atEnd();
    }
}
