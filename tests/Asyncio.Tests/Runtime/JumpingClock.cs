namespace Asyncio.Tests.Runtime;

/// <summary>A clock that stands still while there is work and jumps to the deadline as soon as the loop would wait for it.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ticks;

    public int Jumps { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    /// <summary>Lets time go by as a long computation does, which is no wait.</summary>
    public void Pass(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _ticks += dueTime.Ticks;
        Jumps++;
        callback(state);
        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
