using System.Diagnostics;

namespace Harness;

/// <summary>What the operating system says about this process. Linux only for the memory.</summary>
internal static class ThisProcess
{
    /// <summary>Processor time used so far, in nanoseconds.</summary>
    internal static double CpuTime
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime.TotalNanoseconds;
        }
    }

    /// <summary>Bytes of memory in use.</summary>
    internal static double Memory => Status("VmRSS");

    /// <summary>The most bytes of memory that were ever in use.</summary>
    internal static double PeakMemory => Status("VmHWM");

    private static double Status(string field)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(field + ":", StringComparison.Ordinal))
            {
                return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }
}
