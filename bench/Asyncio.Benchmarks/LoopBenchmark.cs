using BenchmarkDotNet.Attributes;

namespace Asyncio.Benchmarks;

/// <summary>Each benchmark runs a coroutine that repeats what is measured, so that starting the loop is not what is seen.</summary>
[MemoryDiagnoser]
public abstract class LoopBenchmark
{
    protected const int Times = 10_000;

    private readonly EventLoop _loop = new();

    [GlobalCleanup]
    public void Close() => _loop.Close();

    protected void Run(Coroutine main) => _loop.RunUntilComplete(main);
}
