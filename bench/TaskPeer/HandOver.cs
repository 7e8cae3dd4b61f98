using System.Threading.Channels;
using Harness;

namespace TaskPeer;

/// <summary>What one task hands to another: items, a lock, a permit.</summary>
internal static class HandOver
{
    internal static async Task Queues()
    {
        await Bench.Run("d.queue_cap1", 1e6, () => ProduceAndConsume(1_000_000, capacity: 1));
        await Bench.Run("d.queue_cap128", 1e6, () => ProduceAndConsume(1_000_000, capacity: 128));
    }

    /// <summary>A hundred tasks take turns at one lock and yield while they hold it: each release hands it to a waiter.</summary>
    internal static Task Lock() => Bench.Run("e.lock_handoff", 1e6, () =>
    {
        var mutex = new SemaphoreSlim(1, 1);
        return Bench.All(100, async _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await mutex.WaitAsync();
                try
                {
                    await Task.Yield();
                }
                finally
                {
                    mutex.Release();
                }
            }
        });
    });

    /// <summary>Ten thousand tasks are created and pass through a hundred permits.</summary>
    internal static Task Semaphore() => Bench.Run(
        "f.semaphore",
        1e4,
        () =>
        {
            var permits = new SemaphoreSlim(100, 100);
            return Bench.All(10_000, async _ =>
            {
                await permits.WaitAsync();
                try
                {
                    await Task.Yield();
                }
                finally
                {
                    permits.Release();
                }
            });
        },
        repeats: 21);

    private static Task ProduceAndConsume(int items, int capacity)
    {
        var channel = Channel.CreateBounded<int>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        return Task.WhenAll(Produce(channel.Writer, items), Consume(channel.Reader, items));
    }

    private static async Task Produce(ChannelWriter<int> writer, int items)
    {
        for (var i = 0; i < items; i++)
        {
            await writer.WriteAsync(i);
        }
    }

    private static async Task Consume(ChannelReader<int> reader, int items)
    {
        var sum = 0L;
        for (var i = 0; i < items; i++)
        {
            sum += await reader.ReadAsync();
        }

        Check.Equal(sum, (long)items * (items - 1) / 2);
    }
}
