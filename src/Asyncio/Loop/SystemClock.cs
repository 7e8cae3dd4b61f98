using System.Diagnostics;

namespace Asyncio;

/// <summary>The wall clock of a loop whose time provider is the system's, read without a virtual call.</summary>
internal static class SystemClock
{
    private static readonly double s_perTick = 1.0 / Stopwatch.Frequency;

    internal static double Seconds() => Stopwatch.GetTimestamp() * s_perTick;
}
