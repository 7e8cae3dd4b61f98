using System.Diagnostics;
using Harness;

namespace Asyncio.Workloads;

internal static class Timers
{
    /// <summary>A million tasks sleep for up to a second each: processor time, with the creation of the tasks.</summary>
    internal static async Coroutine Fire()
    {
        for (var i = 0; i < 3; i++)
        {
            await Bench.All(30_000, n => Sleep((1 + n % 100) / 1000.0));
            await Aio.Sleep(0.3);
        }

        GC.Collect();
        var random = new Random(1);
        var delays = Enumerable.Range(0, 1_000_000).Select(_ => random.Next(1, 1001) / 1000.0).ToArray();
        var (memory, cpu, time) = (ThisProcess.Memory, ThisProcess.CpuTime, Stopwatch.GetTimestamp());
        var tasks = new AsyncTask[delays.Length];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Aio.CreateTask(Sleep(delays[i]));
        }

        await Aio.GatherAll(tasks);
        Report.Line(
            "g.timers_1M_cpu",
            (ThisProcess.CpuTime - cpu) / delays.Length,
            "ns/timer(cpu)",
            $"wall_s={Stopwatch.GetElapsedTime(time).TotalSeconds:F2} peakRSS_MB={ThisProcess.PeakMemory / 1e6:F0} base_MB={memory / 1e6:F0}");
    }

    /// <summary>The usual fate of a timer: it is cancelled before it is due.</summary>
    internal static async Coroutine NeverFire()
    {
        await Bench.Run("g.timer_create_cancel", 1e6, () => CreateAndCancel(1_000_000));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await CreateAndCancel(1_000_000);
        Report.Line("g.timer_kept", Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6, "B/timer", $"");
        await Bench.Run("g.timeout_wrap_yield", 2e5, async () =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                using (Aio.Timeout(60))
                {
                    await Aio.Sleep(0);
                }
            }
        });
    }

    /// <summary>What a task that sleeps for long costs in memory.</summary>
    internal static async Coroutine MillionParked()
    {
        await Bench.All(100, _ => Sleep(0.001));
        GC.Collect();
        var (memory, cpu, time) = (ThisProcess.Memory, ThisProcess.CpuTime, Stopwatch.GetTimestamp());
        var tasks = new AsyncTask[1_000_000];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Aio.CreateTask(Sleep(3600));
        }

        // A task is lazy: only after one round of the loop are they all parked.
        await Aio.Sleep(0);
        var (peak, seconds) = (ThisProcess.PeakMemory, Stopwatch.GetElapsedTime(time).TotalSeconds);
        cpu = ThisProcess.CpuTime - cpu;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Report.Line(
            "h.million_bytes_per_task",
            (peak - memory) / tasks.Length,
            "B/task",
            $"rss_after_gc={(ThisProcess.Memory - memory) / 1e6:F0} heap_live={GC.GetTotalMemory(true) / 1e6:F0} create_s={seconds:F2} cpu_s={cpu / 1e9:F2}");
        GC.KeepAlive(tasks);
        Environment.Exit(0); // an orderly end would cancel a million tasks
    }

    private static async Coroutine CreateAndCancel(int count)
    {
        var loop = Aio.GetRunningLoop();
        for (var i = 0; i < count; i++)
        {
            loop.CallLater(60, static () => { }).Cancel();
            if (i % 1000 == 999)
            {
                await Aio.Sleep(0);
            }
        }
    }

    private static async Coroutine Sleep(double seconds) => await Aio.Sleep(seconds);
}
