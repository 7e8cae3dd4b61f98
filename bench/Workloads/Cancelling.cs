using System.Diagnostics;
using Harness;

namespace Asyncio.Workloads;

/// <summary>A hundred thousand parked tasks are cancelled, each by itself, and joined; the creation is not timed.</summary>
internal static class Cancelling
{
    private const int Count = 100_000;

    internal static async Coroutine CancelAndJoin()
    {
        await Repeat("i.cancel_join", Park);
        await Repeat("i.cancel_join_finally", ParkWithFinally);
    }

    private static async Coroutine Repeat(string workload, Func<Coroutine> park)
    {
        for (var i = 0; i < 3; i++)
        {
            await Round(Count / 4, park);
            await Aio.Sleep(0.3);
        }

        var times = new List<double>();
        for (var i = 0; i < Series.Repeats; i++)
        {
            times.Add(await Round(Count, park));
        }

        Report.Line(workload, Report.Median(times), "ns/op", $"min={times.Min():F1} max={times.Max():F1} n={times.Count}");
    }

    private static async Coroutine<double> Round(int count, Func<Coroutine> park)
    {
        var tasks = new AsyncTask[count];
        for (var i = 0; i < count; i++)
        {
            tasks[i] = Aio.CreateTask(park());
        }

        await Aio.Sleep(0);
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        foreach (var task in tasks)
        {
            task.Cancel();
        }

        await Aio.Wait(tasks);
        var time = Stopwatch.GetElapsedTime(start);
        Check.Equal(tasks.Count(task => task.IsCanceled), count);
        return time.TotalNanoseconds / count;
    }

    private static async Coroutine Park() => await Aio.Sleep(3600);

    private static async Coroutine ParkWithFinally()
    {
        try
        {
            await Aio.Sleep(3600);
        }
        finally
        {
            s_cleanedUp++;
        }
    }

    private static int s_cleanedUp;
}
