using System.Globalization;

namespace Asyncio;

/// <summary>
/// A deadline over a part of a task: the half that all spellings of a timeout share. Entered when it is made; it is the timer, too.
/// </summary>
internal sealed class TimeoutScope : Alarm
{
    private readonly TokenScope _tokens;
    private readonly int _requestsAtEntry;
    private readonly double _start; // for the message; not a number where the clock was not needed
    private ThrownWatch? _watch;
    private bool _queued;

    private TimeoutScope(TaskStrand task, double start, double when, bool isPast, bool watchThrows)
    {
        Task = task;
        _start = start;
        _requestsAtEntry = task.Requests;
        _tokens = task.Details.EnterTokenScope();
        WatchesThrows = watchThrows;
        When = when;
        Arm(isPast);
    }

    internal override string Name => "Aio.Timeout";

    internal TaskStrand Task { get; }

    /// <summary>In seconds of the loop's clock; infinite where it is disarmed.</summary>
    internal double When { get; private set; }

    internal TimeoutPhase Phase { get; private set; }

    internal bool WatchesThrows { get; }

    /// <summary>See <see cref="ThrownWatch.InFlight"/>: taken at the strike, when no code of the task runs.</summary>
    internal nint MarkAtStrike { get; private set; }

    /// <summary>What the task has thrown since the strike; null if it has not struck.</summary>
    internal ThrownWatch? Watch => _watch;

    internal static TimeoutScope Enter(TaskStrand task, double seconds, bool watchThrows)
    {
        var start = double.IsPositiveInfinity(seconds) ? double.NaN : task.Loop.Time();
        return new TimeoutScope(task, start, double.IsNaN(start) ? seconds : start + seconds, seconds <= 0, watchThrows);
    }

    internal static TimeoutScope EnterUntil(TaskStrand task, double when, bool watchThrows)
    {
        var start = task.Loop.Time();
        return new TimeoutScope(task, start, when, when <= start, watchThrows);
    }

    internal void Reschedule(double when)
    {
        if (Phase != TimeoutPhase.Active)
        {
            throw new InvalidOperationException($"Cannot change state of {Phase.ToString().ToLowerInvariant()} Timeout.");
        }

        When = Durations.Delay(when, nameof(when));
        _queued = false;
        Disarm(Task.Loop);
        Arm(when <= Task.Loop.Time());
    }

    internal override void Fire(EventLoop loop) => Queue(loop);

    /// <summary>
    /// The end of the scope: disarms, and takes its request back if it had struck. True if a cancellation on its way out is this scope's to
    /// turn into a timeout: it had struck, and nobody else has asked since the entry.
    /// </summary>
    internal bool Leave()
    {
        _queued = false;
        Disarm(Task.Loop);
        Task.Details.LeaveTokenScope(_tokens);
        if (Phase != TimeoutPhase.Expiring)
        {
            Phase = TimeoutPhase.Finished;
            return false;
        }

        Phase = TimeoutPhase.Expired;
        return Task.Uncancel() <= _requestsAtEntry;
    }

    /// <summary>True for a cancellation, and for an exception by which an operation obeyed the token of this scope. Null is a cancellation that nobody has looked at.</summary>
    internal bool IsCancellation(object? error) =>
        error is null or CancelledException || (error is OperationCanceledException obeyed && _tokens.Owns(obeyed.CancellationToken));

    /// <summary>What comes out instead of the cancellation; that is inside.</summary>
    internal TimeoutException MakeTimeout(Exception cancellation) => Wrap(
        cancellation,
        double.IsNaN(_start)
            ? "The time limit of Aio.Timeout was exceeded."
            : string.Create(CultureInfo.InvariantCulture, $"The time limit of Aio.Timeout was exceeded: {Math.Max(0, When - _start):0.######} s."));

    internal static TimeoutException Wrap(Exception cancellation, string message) =>
        new(message, cancellation as CancelledException ?? new CancelledException(null, cancellation));

    /// <summary>A deadline in the past strikes in the next iteration, as one that has just come does in its own.</summary>
    private void Arm(bool isPast)
    {
        if (isPast)
        {
            Queue(Task.Loop);
        }
        else if (!double.IsPositiveInfinity(When))
        {
            Task.Loop.AddTimer(this, When, isDue: false);
        }
    }

    private void Queue(EventLoop loop)
    {
        _queued = true;
        loop.Ready.Enqueue(Striking.Instance, this);
    }

    private void Strike()
    {
        if (!_queued || Phase != TimeoutPhase.Active)
        {
            return; // left, or moved, while it was in the queue
        }

        _queued = false;
        Phase = TimeoutPhase.Expiring;
        if (WatchesThrows)
        {
            _watch = ThrownWatch.Begin(Task.Details);
            MarkAtStrike = ThrownWatch.CurrentMark;
        }

        Task.Cancel(null, _tokens);
    }

    /// <summary>Strikes through the ready queue, not where timers fire: what became ready before has its turn first, as in asyncio.</summary>
    private sealed class Striking : Runnable
    {
        internal static readonly Striking Instance = new();

        internal override void Run(object? argument) => ((TimeoutScope)argument!).Strike();
    }
}

/// <summary>Where a timeout is in its life; asyncio's words.</summary>
internal enum TimeoutPhase : byte
{
    Active,
    Expiring,
    Expired,
    Finished,
}
