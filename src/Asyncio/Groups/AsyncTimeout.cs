using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// A time limit for a part of a task. In its exact spelling, <c>await Aio.Timeout(2, async () => { … })</c>, it is given to the body if
/// that wants it; in its flat one, <c>using (Aio.Timeout(2)) { … }</c>, it is what <c>using</c> leaves. The counterpart of <c>asyncio.Timeout</c>.
/// </summary>
/// <remarks>
/// When the deadline comes, the task is cancelled; the cancellation that leaves the scope becomes a <see cref="TimeoutException"/> whose inner
/// exception is the <see cref="CancelledException"/>. It stays a cancellation if somebody else has cancelled the task as well. If the body
/// swallows it, nothing is thrown; if the body fails with something else, that is what comes out.
/// <para>
/// C# does not tell a flat scope whether and how its body failed; it finds out what is being thrown through it. It cannot tell in one case:
/// clean-up inside the scope, in the same method, that throws and catches an exception of its own (then the cancellation may come out as
/// it is). On a runtime that does not say whether an exception is in flight (ahead-of-time compiled), a body that swallows the cancellation
/// and ends without another await gets the <see cref="TimeoutException"/> all the same. The exact spelling knows in every case.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncTimeout : IDisposable
{
    private readonly TimeoutScope _scope;
    private bool _left;

    internal AsyncTimeout(TimeoutScope scope) => _scope = scope;

    /// <summary>The deadline in seconds of <see cref="EventLoop.Time"/>; infinite if there is none. Keeps its value after the end. Asyncio: <c>when()</c>.</summary>
    public double When() => _scope.When;

    /// <summary>True when it has struck, also if the body has swallowed the cancellation. Asyncio: <c>expired()</c>.</summary>
    public bool Expired() => _scope.Phase is TimeoutPhase.Expiring or TimeoutPhase.Expired;

    /// <summary>Moves the deadline; one in the past strikes in the next iteration. Asyncio: <c>reschedule()</c>.</summary>
    /// <param name="when">In seconds of <see cref="EventLoop.Time"/>; <see cref="double.PositiveInfinity"/> takes the deadline away.</param>
    /// <exception cref="InvalidOperationException">It has struck, or is over.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="when"/> is NaN.</exception>
    public void Reschedule(double when) => _scope.Reschedule(when);

    /// <summary>The end of the flat spelling; see the remarks of the type. Does not suspend. A second call does nothing.</summary>
    /// <exception cref="TimeoutException">It had struck, and its cancellation is on its way out.</exception>
    /// <exception cref="InvalidOperationException">Another task than the one that made it leaves it.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Dispose()
    {
        if (_left)
        {
            return;
        }

        if (!ReferenceEquals(Strand.Active?.Task, _scope.Task) && !_scope.Task.Owner.IsCompleted)
        {
            throw new InvalidOperationException($"A timeout belongs to the task that made it ({_scope.Task.Name}); another one cannot leave it.");
        }

        _left = true;
        var mine = _scope.Leave();
        if (_scope.Watch is { } watch)
        {
            ConvertWhatPasses(watch, mine);
        }
    }

    /// <summary>What it is and how it stands.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<Timeout [{_scope.Phase.ToString().ToLowerInvariant()}]{(_scope.Phase == TimeoutPhase.Active ? $" when={_scope.When:0.###}" : "")}>");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConvertWhatPasses(ThrownWatch watch, bool mine)
    {
        var caller = mine && watch.IsAmbiguous ? ThrownWatch.MethodOf(new StackFrame(2, false)) : null;
        var passing = mine ? watch.InFlight(_scope.Task, _scope.MarkAtStrike, caller) : null;
        watch.End();
        if (passing is not null && _scope.IsCancellation(passing))
        {
            throw _scope.MakeTimeout(passing);
        }
    }
}
