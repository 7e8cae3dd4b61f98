namespace Asyncio;

/// <summary>
/// How other threads reach the loop: a list under a lock, a flag that the loop reads each iteration without a system call, and a
/// signal only if the loop sleeps.
/// </summary>
internal sealed class Wakeup(TimeProvider clock, bool systemClock)
{
    /// <summary>In seconds: a day, as asyncio's poll.</summary>
    private const double LongestWait = 86_400;

    private readonly object _gate = new();
    private List<ReadyItem> _items = [];
    private List<ReadyItem> _spare = [];
    private volatile bool _hasWork;
    private Reactor? _reactor; // what the loop sleeps in; null: in the lock
    private bool _sleeping;
    private bool _alarmed;
    private bool _closed;

    internal bool HasWork => _hasWork;

    /// <summary>False: the loop is closed, and nothing was queued.</summary>
    internal bool TryEnqueue(Runnable target, object? argument)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _items.Add(new ReadyItem { Target = target, Argument = argument });
            _hasWork = true;
            EndSleep();
            return true;
        }
    }

    /// <summary>Nothing is queued from here on: what came in time is still to be drained, what comes later is refused.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    internal void DrainInto(ReadyQueue ready)
    {
        List<ReadyItem> items;
        lock (_gate)
        {
            items = _items;
            _items = _spare;
            _hasWork = false;
        }

        foreach (var item in items)
        {
            ready.Enqueue(item.Target, item.Argument);
        }

        items.Clear();
        _spare = items;
    }

    /// <summary>
    /// Sleeps until there is work from outside, something completes in the reactor, or <paramref name="seconds"/> have passed on the
    /// loop's clock.
    /// </summary>
    internal void Wait(double seconds, Reactor? reactor)
    {
        // A clock of the user's wakes the loop by its own timers: how long that takes in real time is its affair.
        using var alarm = systemClock || double.IsPositiveInfinity(seconds)
            ? null
            : clock.CreateTimer(static state => ((Wakeup)state!).Alarm(), this, ForAlarm(seconds), Timeout.InfiniteTimeSpan);
        var limit = alarm is null ? seconds : double.PositiveInfinity;
        if (reactor is not null)
        {
            WaitIn(reactor, limit);
            return;
        }

        lock (_gate)
        {
            if (!_hasWork && !_alarmed)
            {
                _sleeping = true;
                Monitor.Wait(_gate, double.IsPositiveInfinity(limit) ? Timeout.InfiniteTimeSpan : Clamp(limit));
            }

            EndWait();
        }
    }

    private void WaitIn(Reactor reactor, double seconds)
    {
        bool maySleep;
        lock (_gate)
        {
            maySleep = !_hasWork && !_alarmed;
            _sleeping = maySleep;
            _reactor = reactor;
        }

        if (maySleep)
        {
            reactor.Wait(Math.Min(seconds, LongestWait));
        }
        else
        {
            reactor.Poll();
        }

        lock (_gate)
        {
            EndWait();
        }
    }

    private void EndWait()
    {
        _sleeping = false;
        _reactor = null;
        _alarmed = false;
    }

    // Only the first to come signals: one system call a sleep. Inside the lock, so that a reactor is never woken after the sleep,
    // when it may have been disposed of.
    private void EndSleep()
    {
        if (!_sleeping)
        {
            return;
        }

        _sleeping = false;
        if (_reactor is null)
        {
            Monitor.Pulse(_gate);
        }
        else
        {
            _reactor.Wake();
        }
    }

    private void Alarm()
    {
        lock (_gate)
        {
            _alarmed = true;
            EndSleep();
        }
    }

    // Rounded up to the next millisecond, so that the loop does not spin through the last one.
    private static TimeSpan Clamp(double seconds) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(seconds, LongestWait) * 1000));

    // To the tick: a clock that is moved by just the time of a sleep has to ring.
    private static TimeSpan ForAlarm(double seconds) =>
        TimeSpan.FromTicks(Math.Max(1, (long)Math.Ceiling((Math.Min(seconds, LongestWait) * TimeSpan.TicksPerSecond) - 0.5)));
}
