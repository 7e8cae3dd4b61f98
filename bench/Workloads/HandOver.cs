using Harness;

namespace Asyncio.Workloads;

/// <summary>What one task hands to another: items, a lock, a permit.</summary>
internal static class HandOver
{
    internal static async Coroutine Queues()
    {
        await Bench.Run("d.queue_cap1", 1e6, () => ProduceAndConsume(1_000_000, capacity: 1));
        await Bench.Run("d.queue_cap128", 1e6, () => ProduceAndConsume(1_000_000, capacity: 128));
    }

    /// <summary>A hundred tasks take turns at one lock and yield while they hold it: each release hands it to a waiter.</summary>
    internal static Coroutine Lock() => Bench.Run("e.lock_handoff", 1e6, () =>
    {
        var mutex = new AsyncLock();
        return Bench.All(100, async _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                using (await mutex.AcquireAsync())
                {
                    await Aio.Sleep(0);
                }
            }
        });
    });

    /// <summary>Ten thousand tasks are created and pass through a hundred permits.</summary>
    internal static Coroutine Semaphore() => Bench.Run(
        "f.semaphore",
        1e4,
        () =>
        {
            var permits = new AsyncSemaphore(100);
            return Bench.All(10_000, async _ =>
            {
                using (await permits.AcquireAsync())
                {
                    await Aio.Sleep(0);
                }
            });
        },
        repeats: 21);

    private static async Coroutine ProduceAndConsume(int items, int capacity)
    {
        var queue = new AsyncQueue<int>(capacity);
        await Aio.Gather(Produce(queue, items), Consume(queue, items));
    }

    private static async Coroutine Produce(AsyncQueue<int> queue, int items)
    {
        for (var i = 0; i < items; i++)
        {
            await queue.PutAsync(i);
        }
    }

    private static async Coroutine Consume(AsyncQueue<int> queue, int items)
    {
        var sum = 0L;
        for (var i = 0; i < items; i++)
        {
            sum += await queue.GetAsync();
        }

        Check.Equal(sum, (long)items * (items - 1) / 2);
    }
}
