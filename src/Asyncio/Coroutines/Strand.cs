using System.Diagnostics;
using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// What parks: the chain of frames that are being awaited, and what the innermost waits for. A task is a strand
/// (<see cref="TaskStrand"/>); a coroutine awaited by a foreign state machine is a hidden one (<see cref="GuestStrand"/>).
/// </summary>
internal abstract class Strand : Runnable
{
    /// <summary>The frame to run at the next step.</summary>
    internal Frame? Top;

    /// <summary>A <see cref="Future"/> or a <see cref="ForeignWait"/> on which the strand is parked; null when it is parked on its top frame.</summary>
    internal object? Waiting;

    /// <summary>Set while parked, until the next step begins.</summary>
    internal bool Parked;

    /// <summary>The task whose code this strand runs, as a future. A guest strand has its host's.</summary>
    internal readonly Future Owner;

    internal StrandFlags Flags;

    /// <summary>How many steps a task has made; also tells whether something happened in the step that runs. Here, because here it fits beside the flags.</summary>
    internal int Steps;

    protected Strand(Future owner, Frame root)
    {
        Owner = owner;
        Top = root;
    }

    internal EventLoop Loop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Owner.LoopField;
    }

    /// <summary>
    /// What the strand is parked on: an <see cref="ILeaf"/>, a <see cref="Future"/>, a <see cref="ForeignWait"/>, or the machine frame
    /// that has yielded; null when it runs or has ended.
    /// </summary>
    internal object? WaitsFor => Parked ? Waiting ?? Top : null;

    /// <summary>The task whose cancellation, name and context count for this strand.</summary>
    internal abstract TaskStrand Task { get; }

    /// <summary>What the await at which the strand is parked has to throw; see <see cref="StrandFlags.ThrowAtAwait"/>.</summary>
    internal abstract Exception? ErrorAtAwait { get; set; }

    /// <summary>The outermost frame; null when the strand has ended.</summary>
    internal abstract Frame? Root { get; }

    /// <summary>The strand whose code runs now on this thread.</summary>
    internal static Strand? Active
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => EventLoop.t_running?.CurrentStrand;
    }

    /// <summary>The root frame has ended. Its outcome is to be taken and the frame released.</summary>
    internal abstract void OnRootDone(Frame root);

    /// <summary>It has ended with a value that must not be lost, though it was asked to end cancelled: the request is still to be delivered to those who wait for it.</summary>
    internal bool HasKeptValue =>
        (Flags & (StrandFlags.MustCancel | StrandFlags.KeepsValue)) == (StrandFlags.MustCancel | StrandFlags.KeepsValue) && Owner.IsCompleted;

    /// <summary>The exception of this strand's cancellation: made when somebody first looks, and kept.</summary>
    internal abstract CancelledException MakeCancelled();

    /// <summary>The trampoline: runs frames until the strand parks or ends. The stack never grows, however deep the awaits.</summary>
    protected void Drive(Frame frame)
    {
        Frame? next = frame;
        do
        {
            next = next.Run(this);
        }
        while (next is not null);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void MakeReady() => Owner.LoopField.Ready.Enqueue(this, null);

    internal void ParkOnLeaf(Frame leaf)
    {
        if (!ReferenceEquals(Top, leaf))
        {
            Top = leaf;
        }

        Parked = true;
        if ((Flags & StrandFlags.MustCancel) != 0)
        {
            CancelWhatIsAwaited();
        }
    }

    /// <summary>The running frame has yielded: to the end of the queue, with no leaf and no write that is not needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ParkOnYield(Frame frame)
    {
        if (!ReferenceEquals(Top, frame))
        {
            Top = frame;
        }

        Parked = true;
        MakeReady();
    }

    /// <summary>The running frame awaits an unfinished future.</summary>
    internal void ParkOnFuture(Future future, Frame frame)
    {
        Top = frame;
        if (!ReferenceEquals(future.LoopField, Owner.LoopField))
        {
            Refuse(new InvalidOperationException($"Task {Task.Name} awaits {future.Describe()}, which is attached to a different loop. A future can be awaited only on the loop that made it."));
            return;
        }

        if (ReferenceEquals(future, Owner))
        {
            Refuse(new InvalidOperationException($"Task cannot await on itself: {Task.Name}."));
            return;
        }

        Waiting = future;
        Parked = true;
        future.AddListener(this);
        if ((Flags & StrandFlags.MustCancel) != 0)
        {
            CancelWhatIsAwaited();
        }
    }

    /// <summary>The await itself is an error: it is thrown there, at the next step.</summary>
    private void Refuse(InvalidOperationException error)
    {
        ThrowAtNextStep(error);
        MakeReady();
    }

    internal void ThrowAtNextStep(Exception error)
    {
        ErrorAtAwait = error;
        if ((Flags & StrandFlags.ThrowAtAwait) == 0)
        {
            Flags |= StrandFlags.ThrowAtAwait;
            Interlocked.Increment(ref s_attention);
        }
    }

    /// <summary>A request came while the strand ran: deliver it to what it has just begun to wait for.</summary>
    protected void CancelWhatIsAwaited()
    {
        if (TryCancelWait(Task.CancelError()))
        {
            Flags &= ~StrandFlags.MustCancel;
        }
    }

    /// <summary>Cancels what the strand waits for. False: there is nothing to interrupt, the request must wait for the next await.</summary>
    internal bool TryCancelWait(CancelledException? error) => WaitsFor switch
    {
        ILeaf leaf => leaf.TryCancel(error),
        Future future => TryPassOn(future, error),
        ForeignWait foreign => foreign.Cancel(),
        _ => false,
    };

    private bool TryPassOn(Future future, CancelledException? error)
    {
        if (!future.Cancel(error?.CancelMessage))
        {
            return false;
        }

        Flags |= StrandFlags.PassedOn;
        return true;
    }

    /// <summary>
    /// The rare things before a step: a cancellation that came after the wake-up, a failed future under a frame that cannot see
    /// it. Gives the frame to run, or null when the step is over.
    /// </summary>
    protected Frame? Prepare(Frame frame)
    {
        var wait = WaitsFor;
        Waiting = null;
        Parked = false;
        var passedOn = (Flags & StrandFlags.PassedOn) != 0;
        Flags &= ~(StrandFlags.KeepsValue | StrandFlags.PassedOn);
        if (passedOn && (Flags & StrandFlags.MustCancel) == 0 && wait is Future { StrandOrNull.HasKeptValue: true })
        {
            Flags |= StrandFlags.MustCancel | StrandFlags.KeepsValue; // as if this strand itself had waited for what could not be lost
            return frame;
        }

        if ((Flags & StrandFlags.MustCancel) != 0)
        {
            switch (wait)
            {
                case ILeaf leaf:
                    if (leaf.CancelAfterWake(Task.CancelError()))
                    {
                        Flags &= ~StrandFlags.MustCancel;
                    }
                    else
                    {
                        Flags |= StrandFlags.KeepsValue;
                    }

                    return frame;
                case ForeignWait foreign:
                    return PrepareForeign(frame, foreign);
                case Future awaited:
                    Flags &= ~StrandFlags.MustCancel;
                    if (awaited.IsCanceled || awaited.PeekException() is CancelledException)
                    {
                        break; // its own cancellation is what the await throws
                    }

                    awaited.ForgiveFailure(); // as asyncio, which looks at the outcome before it drops it
                    return FailAtAwait(frame);
                case Frame:
                    Flags &= ~StrandFlags.MustCancel;
                    return FailAtAwait(frame);
                case null when frame.Status <= FrameStatus.Immediate:
                    Flags &= ~StrandFlags.MustCancel;
                    return FailTransparent(frame, null); // cancelled before its first step: the body never runs
            }
        }

        if (wait is ForeignWait foreignWait)
        {
            var abandoned = foreignWait.IsAbandoned;
            foreignWait.Ended();
            return abandoned && frame.IsTransparent ? FailTransparent(frame, null) : frame;
        }

        if (wait is Future future && frame.IsTransparent && future.FailureForAwait() is { } error)
        {
            return FailTransparent(frame, error);
        }

        return frame;
    }

    /// <summary>The frame stands at an await whose awaiter knows nothing of this strand: the awaiter asks for what it has to throw.</summary>
    private Frame? FailAtAwait(Frame frame)
    {
        if (frame.IsTransparent)
        {
            return FailTransparent(frame, Task.CancelError());
        }

        ThrowAtNextStep(MakeCancelled());
        return frame;
    }

    /// <summary>A request is pending and the foreign operation has ended (or was abandoned for an earlier request).</summary>
    private Frame? PrepareForeign(Frame frame, ForeignWait foreign)
    {
        var abandoned = foreign.IsAbandoned;
        var replace = !abandoned && foreign.CanBeReplaced && foreign.PrepareToThrow(frame, MakeCancelled());
        if (replace)
        {
            foreign.DropOutcome();
        }

        // An operation that was asked to end and failed has delivered the request by that; one that ended with a value nobody may
        // drop keeps its value, and the request waits for the next await.
        if (abandoned || replace || foreign.EndedWithError(frame))
        {
            Flags &= ~StrandFlags.MustCancel;
        }

        foreign.Ended();
        return (abandoned || replace) && frame.IsTransparent ? FailTransparent(frame, null) : frame;
    }

    private Frame? FailTransparent(Frame frame, Exception? error)
    {
        if (error is not null)
        {
            FrameTrail.Of(error).Add(frame);
        }

        frame.Fail(error);
        return frame.Return(this);
    }

    /// <summary>
    /// How many strands of the process have something to throw at their await, plus the yields awaited outside any loop. Nearly always
    /// zero: then the end of an await needs to look no further, in particular not for the current strand.
    /// </summary>
    private static int s_attention;

    /// <summary>A foreign machine awaits a yield where no loop runs; it is called back at once, to be told by <see cref="EndYield"/>.</summary>
    internal static void YieldedOutside() => Interlocked.Increment(ref s_attention);

    /// <summary>At the end of an await of a yield.</summary>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void EndYield()
    {
        if (s_attention != 0)
        {
            EndYieldWithAttention();
        }
    }

    [StackTraceHidden]
    private static void EndYieldWithAttention()
    {
        if (EventLoop.t_running is null)
        {
            throw CoroutineErrors.NoLoop("Aio.Yield");
        }

        ThrowIfAsked();
    }

    /// <summary>At the end of an await of a future or a yield: throws what came after the wake-up.</summary>
    [StackTraceHidden]
    internal static void ThrowIfAsked()
    {
        if (s_attention != 0 && Active is { } strand && strand.TakeThrowAtAwait() is { } error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>What the await at which the strand was parked has to throw instead of giving its value; null for none.</summary>
    internal Exception? TakeThrowAtAwait()
    {
        if ((Flags & StrandFlags.ThrowAtAwait) == 0)
        {
            return null;
        }

        Flags &= ~StrandFlags.ThrowAtAwait;
        Interlocked.Decrement(ref s_attention);
        var error = ErrorAtAwait;
        ErrorAtAwait = null;
        return error;
    }
}

/// <summary>The rare states of a strand, tested together at the start of a step.</summary>
[Flags]
internal enum StrandFlags : byte
{
    None = 0,

    /// <summary>A cancellation was requested and has not been delivered yet.</summary>
    MustCancel = 1,

    /// <summary>The await at which the strand is parked throws <see cref="Strand.ErrorAtAwait"/>.</summary>
    ThrowAtAwait = 2,

    /// <summary>The task runs in a <see cref="Context"/> that others share: the cell is read before a step and written after it.</summary>
    SharedContext = 4,

    /// <summary>A request is pending because what was awaited had a result that must not be lost. If the task ends in this step, it ends with its value.</summary>
    KeepsValue = 8,

    /// <summary>A request has gone on to the task that this strand waits for.</summary>
    PassedOn = 16,
}
