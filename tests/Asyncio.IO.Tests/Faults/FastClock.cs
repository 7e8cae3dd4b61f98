namespace Asyncio.IO.Tests.Faults;

/// <summary>A clock that runs fifty times as fast as the machine's: what waits for a second waits for 20 ms.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Factor = 50;

    private readonly long _start = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => (System.GetTimestamp() - _start) * Factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / Factor, period);
}
