using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>A strand parked in an await of foreign code: a <see cref="Task"/>, a <see cref="ValueTask"/>, any awaiter that is not ours.</summary>
/// <remarks>
/// The operation gets a delegate that queues the strand on its loop, never the raw <c>MoveNext</c>: whatever thread it completes
/// on, the coroutine goes on at home. How a cancellation is delivered here: see <see cref="Cancel"/>.
/// </remarks>
internal sealed class ForeignWait
{
    private readonly Strand _strand;
    private readonly Action _signal;
    private ForeignAwaiterKind? _kind;
    private Task? _backing;
    private LowLevel.TimerHandle? _grace;
    private int _step;
    private bool _asked;
    private bool _callsOnce;
    private bool _abandoned;

    private ForeignWait(Strand strand)
    {
        _strand = strand;
        _signal = Signal;
    }

    // ---- parking ----------------------------------------------------------------------------------------------------

    internal static void ParkCritical<TAwaiter>(Strand strand, Frame frame, ref TAwaiter awaiter)
        where TAwaiter : ICriticalNotifyCompletion
    {
        var wait = Begin(strand, frame, ref awaiter);
        var context = wait.EnterRegistration();
        try
        {
            awaiter.UnsafeOnCompleted(wait._signal);
        }
        catch
        {
            wait.Forget();
            throw;
        }
        finally
        {
            wait.LeaveRegistration(context);
        }

        wait.DeliverPending();
    }

    internal static void Park<TAwaiter>(Strand strand, Frame frame, ref TAwaiter awaiter)
        where TAwaiter : INotifyCompletion
    {
        var wait = Begin(strand, frame, ref awaiter);
        var context = wait.EnterRegistration();
        try
        {
            awaiter.OnCompleted(wait._signal);
        }
        catch
        {
            wait.Forget();
            throw;
        }
        finally
        {
            wait.LeaveRegistration(context);
        }

        wait.DeliverPending();
    }

    /// <summary>
    /// Tasks and yields are awaited under the task's own context: without one, what completes on the loop's thread would come back by way
    /// of the thread pool, in no order. Their post carries the delegate, which <see cref="TaskStrand.Post"/> recognises. A value
    /// task's source wraps it, and would cost a guest step more; it calls back where it completes if there is no context.
    /// </summary>
    private SynchronizationContext? EnterRegistration() =>
        IsBySource ? ThreadContext.Exchange(_strand.Loop.ThreadField!, null) : null;

    private void LeaveRegistration(SynchronizationContext? context)
    {
        if (IsBySource)
        {
            ThreadContext.Exchange(_strand.Loop.ThreadField!, context);
        }
    }

    private bool IsBySource => _kind is not null && _backing is null;

    private void Forget()
    {
        _strand.Waiting = null;
        _strand.Parked = false;
    }

    private static ForeignWait Begin<TAwaiter>(Strand strand, Frame frame, ref TAwaiter awaiter)
    {
        var details = strand.Task.Details;
        var wait = ReferenceEquals(strand, strand.Task) ? details.SpareWait : null;
        if (wait is null)
        {
            wait = new ForeignWait(strand);
        }
        else
        {
            details.SpareWait = null;
        }

        wait._kind = ForeignAwaiterKind.Of<TAwaiter>();
        wait._backing = wait._kind is null ? null : ForeignAwaiterKind.TaskIn(ref awaiter);
        wait._callsOnce = wait._kind is not null || typeof(TAwaiter) == typeof(YieldAwaitable.YieldAwaiter);
        wait._step = strand.Task.Steps;
        strand.Top = frame;
        strand.Waiting = wait;
        strand.Parked = true;
        return wait;
    }

    private void DeliverPending()
    {
        if ((_strand.Flags & StrandFlags.MustCancel) != 0 && Cancel())
        {
            _strand.Flags &= ~StrandFlags.MustCancel;
        }
    }

    // ---- completion -------------------------------------------------------------------------------------------------

    /// <summary>The operation has ended; on any thread.</summary>
    internal void Signal() => _strand.Loop.EnqueueFromAnywhere(_strand, this);

    /// <summary>The strand has begun the step that takes the outcome. The object may serve the next foreign await of the task.</summary>
    internal void Ended()
    {
        _grace?.Cancel();
        _grace = null;
        if (IsHeld)
        {
            _strand.Task.Details.Guests.Forget(this);
        }

        // One that was asked to end may still be known to a timer, which must not meet it in a later await; and an awaiter that is not
        // .NET's own may call back a second time.
        if (!_asked && _callsOnce && ReferenceEquals(_strand, _strand.Task))
        {
            _backing = null;
            _strand.Task.Details.SpareWait = this;
        }
    }

    internal bool IsAbandoned => _abandoned;

    /// <summary>The operation was asked to end and did, with a cancellation or another error: the request has been delivered by that.</summary>
    internal bool EndedWithError(Frame frame) =>
        _backing is { } task ? task.IsCanceled || task.IsFaulted : _kind?.IsCanceled(frame) == true;

    /// <summary>True where a request that came after the completion may still be thrown at this await.</summary>
    internal bool CanBeReplaced => _backing is not null && _grace is null && _strand.Task.Details.Uninterrupted == 0;

    // ---- cancellation -----------------------------------------------------------------------------------------------

    /// <summary>
    /// In this order: the task's token was tripped by the request already, if it was ever handed out; then what of ours the
    /// operation waits for is cancelled; only then, and only if a <see cref="Task"/> stands behind the await, it is abandoned.
    /// </summary>
    /// <returns>False: the request stays pending, for the next await or until the operation has ended.</returns>
    internal bool Cancel()
    {
        if (_abandoned)
        {
            return true;
        }

        _asked = true;
        var details = _strand.Task.Details;
        if (details.Uninterrupted > 0)
        {
            return false;
        }

        return details.GuestsOrNull?.Cancel(this) == true || End() || HoldsUp();
    }

    /// <summary>In debug mode somebody is told, after a second, which await keeps the task from ending.</summary>
    private bool HoldsUp()
    {
        var loop = _strand.Loop;
        if (loop.Debug)
        {
            loop.CallLater(1, () =>
            {
                if (IsWaiting)
                {
                    loop.Warn($"{_strand.Owner} was cancelled and waits for an operation that cannot be given up: in {_strand.Top?.Name}, {_kind?.AwaiterType.Name ?? "an awaiter of its own"}. Hand it Aio.CancellationToken.");
                }
            });
        }

        return false;
    }

    /// <summary>What of ours was beneath it has ended, and it has not.</summary>
    internal void EndNow()
    {
        // It may have ended all the same: .NET takes the news over the pool where a context is current, as it is in a guest step.
        if (_backing is not { IsCompleted: true } && !End())
        {
            _strand.Flags |= StrandFlags.MustCancel;
        }
    }

    private bool End()
    {
        // The token was handed out in the step that led here, or since then by what it called: the operation gets some time to end
        // by itself. Whoever needs the caller's buffer ends in order.
        if (_strand.Task.Details.TokenReadAt >= _step)
        {
            if (_backing is not null && _grace is null)
            {
                _grace = _strand.Loop.CallLater(_strand.Loop.ForeignCancellationGrace, AbandonLate);
            }

            return false;
        }

        return TryAbandon();
    }

    private void AbandonLate()
    {
        if (IsWaiting && TryAbandon())
        {
            _strand.Flags &= ~StrandFlags.MustCancel;
        }
    }

    /// <summary>It was asked to end and is left alone until what is beneath it has ended; see <see cref="GuestWaits"/>.</summary>
    internal bool IsHeld { get; set; }

    internal bool IsWaiting => ReferenceEquals(_strand.Waiting, this) && !_abandoned;

    internal Strand Strand => _strand;

    /// <summary>Stops waiting for the operation, which goes on: what <c>WaitAsync(token)</c> means, with nothing written.</summary>
    private bool TryAbandon()
    {
        if (_backing is not { } task || _strand.Task.Details.Uninterrupted > 0 || !PrepareToThrow(_strand.Top!, _strand.MakeCancelled()))
        {
            return false;
        }

        _abandoned = true;
        Observe(task, _strand.Loop);
        _strand.Loop.Ready.Enqueue(_strand, this);
        return true;
    }

    /// <summary>Makes the frame fail at its await. True also where nothing is to be done, because the frame cannot see exceptions.</summary>
    internal bool PrepareToThrow(Frame frame, CancelledException error) =>
        frame.IsTransparent || (_kind is { } kind && frame.TryReplaceAwaiter(kind, error));

    /// <summary>The result of an operation that ended just before the cancellation is dropped: nobody else will see its error or dispose of it.</summary>
    internal void DropOutcome()
    {
        if (_backing is { } task)
        {
            Observe(task, _strand.Loop);
        }
    }

    /// <summary>For an operation that nobody waits for any more: its error is reported, its disposable result disposed of.</summary>
    internal static void Observe(Task task, EventLoop loop) => task.ContinueWith(
        static (ended, state) =>
        {
            if (ended.IsFaulted)
            {
                ((EventLoop)state!).ReportFromAnywhere(new ExceptionContext("Exception in an operation that a cancelled task had stopped waiting for")
                {
                    Exception = ended.Exception!.InnerExceptions.Count == 1 ? ended.Exception.InnerException : ended.Exception,
                });
            }
            else if (ended.IsCompletedSuccessfully)
            {
                DisposeResult(ended, (EventLoop)state!);
            }
        },
        loop,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Task<T>.Result is used by every program that awaits one; where it was trimmed away nothing is disposed.")]
    private static void DisposeResult(Task task, EventLoop loop)
    {
        try
        {
            switch (task.GetType().GetProperty("Result")?.GetValue(task))
            {
                case IAsyncDisposable disposable:
                    Observe(disposable.DisposeAsync().AsTask(), loop);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
        catch (Exception e)
        {
            loop.ReportFromAnywhere(new ExceptionContext("Exception while disposing the result of an operation that a cancelled task had stopped waiting for") { Exception = e.InnerException ?? e });
        }
    }
}
