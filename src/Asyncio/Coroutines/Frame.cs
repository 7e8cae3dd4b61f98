using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The heap part of a coroutine: a pooled object that the trampoline in <see cref="Strand"/> runs. Either a compiler's state
/// machine (<see cref="MachineFrame{TMachine,T}"/>) or a leaf of ours (<see cref="Leaf{T}"/>).
/// </summary>
/// <remarks>
/// Handles carry a version. It is bumped when the await starts, so that a second await is caught even while the first one runs,
/// and again when the frame goes back to its pool.
/// </remarks>
internal abstract class Frame
{
    /// <summary>The frame that awaits this one; null for the root of a strand.</summary>
    internal Frame? Parent;

    /// <summary>
    /// While suspended: the child to run next, null when the strand is parked. After a failure: the exception, or null for a
    /// cancellation whose exception nobody has looked at yet. One field for both, because a frame is never both.
    /// </summary>
    internal object? Link;

    internal uint Version = 1;
    internal FrameStatus Status;

    internal bool IsDone => Status >= FrameStatus.Succeeded;

    /// <summary>Runs until the next suspension or the end; gives the frame to run after it, null when there is none for now.</summary>
    internal abstract Frame? Run(Strand strand);

    /// <summary>Ready for its next use: handles to this one are stale from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Renew()
    {
        Version++;
        Status = FrameStatus.Created;
        Parent = null;
        Link = null;
    }

    /// <summary>Clears the frame and gives it back to the pool of this thread.</summary>
    internal abstract void Release();

    /// <summary>What the user calls it: the method's name.</summary>
    internal abstract string Name { get; }

    /// <summary>
    /// True where no code of the frame can see an exception at its current await: then the frame is completed with it directly,
    /// which saves the 2–3 µs that .NET takes for a throw.
    /// </summary>
    internal virtual bool IsTransparent => false;

    /// <summary>The state number of the compiler's machine; tells at which await a suspended frame stands.</summary>
    internal virtual int State => -1;

    internal virtual Type? MachineType => null;

    /// <summary>Swaps the awaiter at which the machine is parked for one that throws. False where the field cannot be told.</summary>
    internal virtual bool TryReplaceAwaiter(ForeignAwaiterKind kind, Exception error) => false;

    /// <summary>A copy of the awaiter of this type at which the machine is parked; null where it cannot be told.</summary>
    internal virtual object? ParkedAwaiter(Type awaiter) => null;

    /// <summary>For the awaiters, of a frame that is not simply a method's that has yet to begin.</summary>
    internal bool IsCompletedAtAwait(uint version) => Status == FrameStatus.Immediate ? CompleteAtOnce(version) : IsDone;

    /// <summary>
    /// A try to be done when the await begins, without the way over the trampoline: that is most of what an await of a free lock or of a
    /// queue with items costs. Nothing is suspended and nothing of the user's runs here. False: the await takes the usual way.
    /// </summary>
    private bool CompleteAtOnce(uint version)
    {
        if (Version != version)
        {
            return true; // the frame serves somebody else by now; GetResult says so
        }

        Status = FrameStatus.Created;
        if (Strand.Active is not { } strand)
        {
            return false;
        }

        try
        {
            if (!TryAtOnce(strand))
            {
                return false;
            }

            Status = FrameStatus.Succeeded;
        }
        catch (Exception e)
        {
            Fail(e); // thrown by GetResult: an awaiter of ours never throws before
        }

        return true;
    }

    /// <summary>What <see cref="CompleteAtOnce"/> tries; false leaves everything as it was.</summary>
    protected virtual bool TryAtOnce(Strand strand) => false;

    internal void Fail(object? error)
    {
        Link = error;
        Status = FrameStatus.Failed;
    }

    /// <summary>This frame has ended: who runs next. Failures pass through frames that cannot see them without being thrown.</summary>
    internal Frame? Return(Strand strand)
    {
        if (Status == FrameStatus.Failed)
        {
            return Unwind(strand);
        }

        var parent = Parent;
        if (parent is null)
        {
            strand.OnRootDone(this);
        }

        return parent;
    }

    private Frame? Unwind(Strand strand)
    {
        var failed = this;
        var parent = failed.Parent;
        if (parent is { IsTransparent: true })
        {
            var error = failed.Link as Exception;
            var trail = error is null ? null : FrameTrail.Of(error);
            do
            {
                trail?.Add(parent);
                parent.Fail(failed.Link);
                failed.Release();
                failed = parent;
                parent = failed.Parent;
            }
            while (parent is { IsTransparent: true });
        }

        if (parent is null)
        {
            strand.OnRootDone(failed);
        }

        return parent;
    }

    /// <summary>Throws what a failed frame holds; the trail of frames it passed is written into its stack trace first.</summary>
    internal static Exception Materialize(object? link) =>
        link is Exception error ? FrameTrail.Render(error) : Strand.Active?.MakeCancelled() ?? new CancelledException();
}

/// <summary>Where a frame is in its life.</summary>
internal enum FrameStatus : byte
{
    Created,

    /// <summary>
    /// Created, and likely to be had without a suspension, as things stood at the call: the awaiter tries
    /// <see cref="Frame.CompleteAtOnce"/> first. Only a hint; the await decides.
    /// </summary>
    Immediate,
    Started,

    /// <summary>The machine has awaited a yield, which has no frame of its own.</summary>
    Yielding,
    Succeeded,
    Failed,
}

/// <summary>A frame with a result.</summary>
internal abstract class Frame<T> : Frame
{
    internal T Result = default!;

    /// <summary>Takes the outcome at the await and gives the frame back. Throws what the frame failed with.</summary>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Consume(uint version)
    {
        // The version is checked before anything is given back: a stale handle must not free somebody else's frame.
        if (Version != version || !IsDone)
        {
            CoroutineErrors.ThrowStale(this, version);
        }

        if (Status == FrameStatus.Failed)
        {
            ThrowFailure();
        }

        var result = Result;
        Release();
        return result;
    }

    [StackTraceHidden]
    private void ThrowFailure()
    {
        var error = Materialize(Link);
        Release();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
    }
}
