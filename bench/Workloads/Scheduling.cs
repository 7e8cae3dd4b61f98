using Harness;

namespace Asyncio.Workloads;

internal static class Scheduling
{
    /// <summary>A thousand tasks are created and joined, a thousand times.</summary>
    internal static Coroutine SpawnAndJoin() => Bench.Run("a.spawn_join", 1e6, async () =>
    {
        var sum = 0L;
        var tasks = new AsyncTask<int>[1000];
        for (var batch = 0; batch < 1000; batch++)
        {
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = Aio.CreateTask(One(i));
            }

            foreach (var result in await Aio.GatherAll(tasks))
            {
                sum += result;
            }
        }

        Check.Equal(sum, 1000L * 499_500);
    });

    /// <summary>Two tasks that yield a million times each; a thousand that yield a thousand times.</summary>
    internal static async Coroutine Yields()
    {
        await Bench.Run("b.yield_2x1M", 2e6, TwoYield);
        await Bench.Run("b.yield_1000x1000", 1e6, () => Bench.All(1000, _ => Yield(1000)));
    }

    internal static Coroutine TwoYield() => Bench.All(2, _ => Yield(1_000_000));

#pragma warning disable CS1998 // no await: the cost of a task whose body does nothing is what is measured
    private static async Coroutine<int> One(int i) => i;
#pragma warning restore CS1998

    private static async Coroutine Yield(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Aio.Sleep(0);
        }
    }
}
