using System.Diagnostics;
using Harness;

namespace TaskPeer;

/// <summary>A hundred thousand parked tasks are cancelled, each by its own source, and joined; the creation is not timed.</summary>
internal static class Cancelling
{
    private const int Count = 100_000;

    internal static async Task CancelAndJoin()
    {
        await Repeat("i.cancel_join", Park);
        await Repeat("i.cancel_join_finally", ParkWithFinally);
    }

    private static async Task Repeat(string workload, Func<CancellationToken, Task> park)
    {
        for (var i = 0; i < 3; i++)
        {
            await Round(Count / 4, park);
            await Task.Delay(300);
        }

        var times = new List<double>();
        for (var i = 0; i < Series.Repeats; i++)
        {
            times.Add(await Round(Count, park));
        }

        Report.Line(workload, Report.Median(times), "ns/op", $"min={times.Min():F1} max={times.Max():F1} n={times.Count}");
    }

    private static async Task<double> Round(int count, Func<CancellationToken, Task> park)
    {
        var sources = new CancellationTokenSource[count];
        var tasks = new Task[count];
        for (var i = 0; i < count; i++)
        {
            sources[i] = new CancellationTokenSource();
            tasks[i] = park(sources[i].Token);
        }

        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        foreach (var source in sources)
        {
            source.Cancel();
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var time = Stopwatch.GetElapsedTime(start);
        Check.Equal(tasks.Count(task => task.IsCanceled), count);
        return time.TotalNanoseconds / count;
    }

    private static async Task Park(CancellationToken token) => await Task.Delay(Timeout.Infinite, token);

    private static async Task ParkWithFinally(CancellationToken token)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, token);
        }
        finally
        {
            s_cleanedUp++;
        }
    }

    private static int s_cleanedUp;
}
