namespace Asyncio.Tests.Runtime;

/// <summary>A clock that stands still until a test moves it, from any thread. It starts as late as clocks that count from the year 1 do.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private long _ticks = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks + 1;

    public bool IsAwaited
    {
        get
        {
            lock (_lock)
            {
                return _alarms.Count > 0;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan time)
    {
        Alarm[] due;
        lock (_lock)
        {
            _ticks += time.Ticks;
            due = [.. _alarms.Where(alarm => alarm.DueTicks <= _ticks)];
        }

        foreach (var alarm in due)
        {
            alarm.Dispose();
            alarm.Ring();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var alarm = new Alarm(this, () => callback(state), _ticks + dueTime.Ticks);
            _alarms.Add(alarm);
            return alarm;
        }
    }

    private sealed class Alarm(ManualClock clock, Action ring, long dueTicks) : ITimer
    {
        public long DueTicks => dueTicks;

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
