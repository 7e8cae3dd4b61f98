using BenchmarkDotNet.Attributes;

namespace Asyncio.Benchmarks;

/// <summary>What an <c>await</c> costs, by what is awaited.</summary>
public class Coroutines : LoopBenchmark
{
    [Benchmark(OperationsPerInvoke = Times)]
    public void AwaitOneThatReturns() => Run(Repeat(Return));

    [Benchmark(OperationsPerInvoke = Times)]
    public void AwaitOneThatYields() => Run(Repeat(Yield));

    [Benchmark(OperationsPerInvoke = Times)]
    public void AwaitYield() => Run(Repeat(Aio.Yield));

    [Benchmark(OperationsPerInvoke = Times)]
    public void AwaitTaskThatIsDone() => Run(AwaitCompletedTask());

    [Benchmark(OperationsPerInvoke = Times)]
    public void AwaitTaskThatYields() => Run(AwaitYieldingTask());

    private static async Coroutine Repeat(Func<Coroutine> coroutine)
    {
        for (var i = 0; i < Times; i++)
        {
            await coroutine();
        }
    }

#pragma warning disable CS1998 // no await: it is to return without one
    private static async Coroutine Return()
    {
    }
#pragma warning restore CS1998

    private static async Coroutine Yield() => await Aio.Yield();

    private static async Coroutine AwaitCompletedTask()
    {
        for (var i = 0; i < Times; i++)
        {
            await Task.CompletedTask;
        }
    }

    private static async Coroutine AwaitYieldingTask()
    {
        for (var i = 0; i < Times; i++)
        {
            await YieldingTask();
        }
    }

    private static async Task YieldingTask() => await Task.Yield();
}
