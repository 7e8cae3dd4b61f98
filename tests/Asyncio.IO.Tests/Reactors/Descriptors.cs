using System.Runtime.InteropServices;

namespace Asyncio.IO.Tests.Reactors;

/// <summary>This process's descriptors, on Linux.</summary>
internal static unsafe partial class Descriptors
{
    private const int NumberOfFiles = 7; // RLIMIT_NOFILE
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    public static int Count() => Directory.GetFiles("/proc/self/fd").Length;

    /// <summary>No further descriptor can be opened until the result is disposed of.</summary>
    public static IDisposable Exhaust()
    {
        // What earlier tests have dropped would be closed meanwhile, and be free again.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Limits old;
        GetLimits(NumberOfFiles, &old);
        using var probe = File.OpenHandle("/dev/null");
        var exhausted = old with { Soft = (nuint)(nint)probe.DangerousGetHandle() };
        SetLimits(NumberOfFiles, &exhausted);
        return new Restored(old);
    }

    /// <summary>What this thread has computed, in seconds.</summary>
    public static double CpuTime()
    {
        Time time;
        GetTime(ThreadCpuTime, &time);
        return time.Seconds + (time.Nanoseconds * 1e-9);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimits(int resource, Limits* limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimits(int resource, Limits* limits);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Time* time);

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Pipe(int* ends, int flags);

    public static (Microsoft.Win32.SafeHandles.SafeFileHandle Reading, Microsoft.Win32.SafeHandles.SafeFileHandle Writing) OpenPipe()
    {
        var ends = stackalloc int[2];
        if (Pipe(ends, 0x80000) != 0)
        {
            throw new IOException("pipe2 failed.");
        }

        return (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true));
    }

    private sealed class Restored(Limits old) : IDisposable
    {
        public void Dispose()
        {
            var limits = old;
            SetLimits(NumberOfFiles, &limits);
        }
    }

    private record struct Limits(nuint Soft, nuint Hard);

    private record struct Time(nint Seconds, nint Nanoseconds);
}
