using BenchmarkDotNet.Attributes;

namespace Asyncio.Benchmarks;

/// <summary>Locks, permits and queues where nobody waits; hand-overs are in the workloads.</summary>
public class Primitives : LoopBenchmark
{
    private readonly AsyncLock _lock = new();
    private readonly AsyncSemaphore _semaphore = new(10);
    private readonly AsyncQueue<int> _queue = new();

    [Benchmark(OperationsPerInvoke = Times)]
    public void LockAndRelease() => Run(LockTimes());

    [Benchmark(OperationsPerInvoke = Times)]
    public void AcquireAndRelease() => Run(AcquireTimes());

    [Benchmark(OperationsPerInvoke = Times)]
    public void PutAndGet() => Run(PutAndGetTimes());

    private async Coroutine LockTimes()
    {
        for (var i = 0; i < Times; i++)
        {
            using (await _lock.AcquireAsync())
            {
            }
        }
    }

    private async Coroutine AcquireTimes()
    {
        for (var i = 0; i < Times; i++)
        {
            using (await _semaphore.AcquireAsync())
            {
            }
        }
    }

    private async Coroutine PutAndGetTimes()
    {
        for (var i = 0; i < Times; i++)
        {
            await _queue.PutAsync(i);
            await _queue.GetAsync();
        }
    }
}
