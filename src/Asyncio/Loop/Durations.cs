namespace Asyncio;

/// <summary>What is a legal duration, in one place.</summary>
internal static class Durations
{
    /// <summary>Seconds to wait: anything but NaN; zero and less is "now".</summary>
    internal static double Delay(double seconds, string name = "seconds")
    {
        if (double.IsNaN(seconds))
        {
            throw new ArgumentOutOfRangeException(name, seconds, "Invalid delay: NaN (not a number).");
        }

        return seconds;
    }

    /// <summary>A time limit in seconds; <see cref="Timeout.InfiniteTimeSpan"/> is none, other negative spans are "now".</summary>
    internal static double Limit(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan ? double.PositiveInfinity : limit.TotalSeconds;

    /// <summary>A setting in seconds that cannot be less than nothing.</summary>
    internal static double NotNegative(double value) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number of seconds, zero or more, is expected.");
}
