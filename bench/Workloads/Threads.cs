namespace Asyncio.Workloads;

internal static class Threads
{
    /// <summary>To another thread and back, one call at a time.</summary>
    internal static Coroutine Executor() => Bench.Run("l.executor_thread", 1e5, async () =>
    {
        for (var i = 0; i < 100_000; i++)
        {
            await Aio.ToThread(static () => { });
        }
    });
}
