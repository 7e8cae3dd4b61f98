using Harness;

namespace Asyncio.Workloads;

internal static class Bench
{
    internal static async Coroutine Run(string workload, double operations, Func<Coroutine> body, int? repeats = null)
    {
        var series = new Series(workload, operations, repeats ?? Series.Repeats);
        while (series.WarmUp())
        {
            await body();
            await Aio.Sleep(series.Pause);
        }

        while (series.Begin())
        {
            await body();
            series.End();
        }

        series.Write();
    }

    /// <summary>Starts <paramref name="count"/> tasks and joins them.</summary>
    internal static async Coroutine All(int count, Func<int, Coroutine> body) =>
        await Aio.GatherAll(Enumerable.Range(0, count).Select(body));
}
