using System.Diagnostics;

namespace Harness;

/// <summary>
/// One workload: warmed up, then timed a number of times; reports the median. The caller runs the body, since how a body is
/// awaited is just what differs between the programs.
/// </summary>
internal sealed class Series(string workload, double operations, int repeats)
{
    private readonly Stopwatch _warmUp = Stopwatch.StartNew();
    private readonly List<double> _times = [];
    private readonly List<double> _allocations = [];
    private int _warmUps;
    private long _allocatedBefore;
    private long _started;

    /// <summary>How often each workload is timed, if it does not say otherwise.</summary>
    internal static int Repeats { get; set; } = 5;

    /// <summary>True while the body has to run once more before it is timed: at least four times and for two seconds.</summary>
    internal bool WarmUp() => _warmUps++ < 4 || _warmUp.ElapsedMilliseconds < 2000;

    /// <summary>Seconds to wait after a warm-up run: the runtime compiles optimised code only when nothing new was compiled for 100 ms.</summary>
    internal double Pause => _warmUps <= 4 ? 0.25 : 0;

    /// <summary>Starts a timed run; false when there were enough.</summary>
    internal bool Begin()
    {
        if (_times.Count == repeats)
        {
            return false;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        _started = Stopwatch.GetTimestamp();
        return true;
    }

    internal void End()
    {
        var time = Stopwatch.GetElapsedTime(_started);
        _times.Add(time.TotalNanoseconds / operations);
        _allocations.Add((GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore) / operations);
    }

    internal void Write() =>
        Report.Line(workload, Report.Median(_times), "ns/op", $"min={_times.Min():F1} max={_times.Max():F1} n={repeats} alloc_B={Report.Median(_allocations):F1}");
}
