using Harness;

namespace TaskPeer;

internal static class Bench
{
    internal static async Task Run(string workload, double operations, Func<Task> body, int? repeats = null)
    {
        var series = new Series(workload, operations, repeats ?? Series.Repeats);
        while (series.WarmUp())
        {
            await body();
            await Task.Delay(TimeSpan.FromSeconds(series.Pause));
        }

        while (series.Begin())
        {
            await body();
            series.End();
        }

        series.Write();
    }

    /// <summary>Starts <paramref name="count"/> tasks and joins them. An <c>async</c> method is hot: its first part runs here.</summary>
    internal static Task All(int count, Func<int, Task> body) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(body).ToArray());
}
