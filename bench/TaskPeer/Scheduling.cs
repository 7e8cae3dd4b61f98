using Harness;

namespace TaskPeer;

internal static class Scheduling
{
    /// <summary>A thousand tasks are created and joined, a thousand times. Each yields, to be scheduled once as a task created by asyncio is.</summary>
    internal static Task SpawnAndJoin() => Bench.Run("a.spawn_join", 1e6, async () =>
    {
        var sum = 0L;
        var tasks = new Task<int>[1000];
        for (var batch = 0; batch < 1000; batch++)
        {
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = One(i);
            }

            foreach (var result in await Task.WhenAll(tasks))
            {
                sum += result;
            }
        }

        Check.Equal(sum, 1000L * 499_500);
    });

    /// <summary>Two tasks that yield a million times each; a thousand that yield a thousand times.</summary>
    internal static async Task Yields()
    {
        await Bench.Run("b.yield_2x1M", 2e6, () => Bench.All(2, _ => Yield(1_000_000)));
        await Bench.Run("b.yield_1000x1000", 1e6, () => Bench.All(1000, _ => Yield(1000)));
    }

    private static async Task<int> One(int i)
    {
        await Task.Yield();
        return i;
    }

    private static async Task Yield(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }
}
