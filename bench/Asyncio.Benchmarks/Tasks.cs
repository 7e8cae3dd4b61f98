using BenchmarkDotNet.Attributes;

namespace Asyncio.Benchmarks;

/// <summary>What a task costs, and what structures are built from tasks.</summary>
public class Tasks : LoopBenchmark
{
    [Benchmark(OperationsPerInvoke = Times)]
    public void CreateAndJoin() => Run(Repeat(async () => await Aio.CreateTask(Aio.Yield())));

    [Benchmark(OperationsPerInvoke = Times)]
    public void GatherTwo() => Run(Repeat(async () => await Aio.Gather(Aio.Yield(), Aio.Yield())));

    [Benchmark(OperationsPerInvoke = Times)]
    public void GroupOfTwo() => Run(Repeat(() => TaskGroup.Run(group =>
    {
        _ = group.CreateTask(Aio.Yield());
        _ = group.CreateTask(Aio.Yield());
        return Coroutine.Completed;
    })));

    [Benchmark(OperationsPerInvoke = Times)]
    public void TimeoutAroundYield() => Run(Repeat(() => Aio.Timeout(60, Aio.Yield)));

    [Benchmark(OperationsPerInvoke = Times)]
    public void FlatTimeoutAroundYield() => Run(Repeat(async () =>
    {
        using (Aio.Timeout(60))
        {
            await Aio.Yield();
        }
    }));

    private static async Coroutine Repeat(Func<Coroutine> coroutine)
    {
        for (var i = 0; i < Times; i++)
        {
            await coroutine();
        }
    }
}
