using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Harness;

/// <summary>
/// How fast the machine is just now, which on a shared one changes by up to a factor of two over minutes: the clock (a chain of
/// dependent multiplications), the core (a queue of indirect calls), the memory (a chase over 64 MiB); nanoseconds each.
/// </summary>
internal static class SpeedProbe
{
    private const int Slots = 1 << 20;
    private const int Stride = 8; // longs: one cache line

    internal static void Write() => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"C\t{Best(Multiply):F3}\t{Best(Calls):F3}\t{Chase(RandomRing()):F1}"));

    // The first run compiles; the fastest one was not interrupted.
    private static double Best(Func<double> probe) => Enumerable.Range(0, 4).Min(_ => probe());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Multiply()
    {
        const int Count = 4_000_000;
        var x = 88172645463325252ul;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            x = (x * 6364136223846793005ul) + 1442695040888963407ul;
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count + (x == 0 ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Calls()
    {
        const int Count = 4_000_000;
        var queue = new (Action<long[]> Call, long[] Counter)[64];
        var tail = 0;
        Action<long[]> call = static counter => counter[0]++;
        for (; tail < 16; tail++)
        {
            queue[tail] = (call, new long[1]);
        }

        var start = Stopwatch.GetTimestamp();
        for (var head = 0; head < Count; head++)
        {
            var item = queue[head & 63];
            item.Call(item.Counter);
            queue[tail++ & 63] = item;
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Chase(long[] ring)
    {
        const int Count = 400_000;
        var at = 0L;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            at = ring[at];
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count + (at < 0 ? 1 : 0);
    }

    private static long[] RandomRing()
    {
        var order = Enumerable.Range(0, Slots).ToArray();
        new Random(1).Shuffle(order);
        var ring = new long[Slots * Stride];
        for (var i = 0; i < Slots; i++)
        {
            ring[(long)order[i] * Stride] = (long)order[(i + 1) % Slots] * Stride;
        }

        return ring;
    }
}
