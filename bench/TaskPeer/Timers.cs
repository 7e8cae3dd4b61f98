using System.Diagnostics;
using Harness;

namespace TaskPeer;

internal static class Timers
{
    /// <summary>A million tasks sleep for up to a second each: processor time, with the creation of the tasks.</summary>
    internal static async Task Fire()
    {
        for (var i = 0; i < 3; i++)
        {
            await Bench.All(30_000, n => Sleep(1 + n % 100));
            await Task.Delay(300);
        }

        GC.Collect();
        var random = new Random(1);
        var delays = Enumerable.Range(0, 1_000_000).Select(_ => random.Next(1, 1001)).ToArray();
        var (memory, cpu, time) = (ThisProcess.Memory, ThisProcess.CpuTime, Stopwatch.GetTimestamp());
        var tasks = new Task[delays.Length];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Sleep(delays[i]);
        }

        await Task.WhenAll(tasks);
        Report.Line(
            "g.timers_1M_cpu",
            (ThisProcess.CpuTime - cpu) / delays.Length,
            "ns/timer(cpu)",
            $"wall_s={Stopwatch.GetElapsedTime(time).TotalSeconds:F2} peakRSS_MB={ThisProcess.PeakMemory / 1e6:F0} base_MB={memory / 1e6:F0}");
    }

    /// <summary>The usual fate of a timer: it is cancelled before it is due.</summary>
    internal static async Task NeverFire()
    {
        await Bench.Run("g.timer_create_cancel", 1e6, async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                new Timer(static _ => { }, null, 60_000, Timeout.Infinite).Dispose();
                if (i % 1000 == 999)
                {
                    await Task.Yield();
                }
            }
        });
        await Bench.Run("g.timeout_wrap_yield", 2e5, async () =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                await Yield().WaitAsync(TimeSpan.FromSeconds(60));
            }
        });
    }

    /// <summary>What a task that sleeps for long costs in memory.</summary>
    internal static async Task MillionParked()
    {
        await Bench.All(100, _ => Sleep(1));
        GC.Collect();
        var (memory, cpu, time) = (ThisProcess.Memory, ThisProcess.CpuTime, Stopwatch.GetTimestamp());
        var tasks = new Task[1_000_000];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Sleep(3_600_000);
        }

        var (peak, seconds) = (ThisProcess.PeakMemory, Stopwatch.GetElapsedTime(time).TotalSeconds);
        cpu = ThisProcess.CpuTime - cpu;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Report.Line(
            "h.million_bytes_per_task",
            (peak - memory) / tasks.Length,
            "B/task",
            $"rss_after_gc={(ThisProcess.Memory - memory) / 1e6:F0} heap_live={GC.GetTotalMemory(true) / 1e6:F0} create_s={seconds:F2} cpu_s={cpu / 1e9:F2}");
        GC.KeepAlive(tasks);
        Environment.Exit(0);
    }

    private static async Task Sleep(int milliseconds) => await Task.Delay(milliseconds);

    private static async Task Yield() => await Task.Yield();
}
