using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// A coroutine of ours without a state machine: what sleep, lock, queue and the like return. It parks the strand that awaits it
/// and is woken by whatever it waits for.
/// </summary>
/// <remarks>
/// The life of a leaf: <see cref="Begin"/> on the first run either completes it (no suspension) or leaves it waiting somewhere.
/// Then exactly one of: <see cref="Wake"/> by what it waited for, <see cref="WakeWith"/> with an error, or a cancellation, which
/// calls <see cref="Unlink"/>. A cancellation that arrives after <see cref="Wake"/> but before the strand ran calls
/// <see cref="GiveBack"/>: abstract, so that no leaf that hands something over can forget it. At the step that follows,
/// <see cref="Resume"/> may still look at the state of things, and wait again.
/// </remarks>
internal abstract class Leaf<T> : Frame<T>, ILeaf
{
    /// <summary>Who waits; set while started.</summary>
    protected Strand? Waiter;

    /// <summary>Starts waiting. True: done at once (<see cref="Frame{T}.Result"/> is set), nothing suspends. False: parked. May throw: then the await throws.</summary>
    protected abstract bool Begin(Strand strand);

    /// <summary>The strand was cancelled while this leaf waited: leave the place where it waits, in O(1).</summary>
    protected abstract void Unlink();

    /// <summary>The strand was cancelled after this leaf was woken and before it ran: what was handed over goes back, or on to the next.</summary>
    protected abstract void GiveBack();

    /// <summary>
    /// The strand's turn has come, after a wake-up or a cancellation (<see cref="Frame.Status"/> tells). False: not done after all, it
    /// waits again. May throw: then the await throws.
    /// </summary>
    protected virtual bool Resume(Strand strand) => true;

    /// <summary>Forget what the leaf refers to and return it to its pool with <c>pool.Return(this)</c>.</summary>
    internal abstract override void Release();

    /// <summary>The loop of the waiter.</summary>
    protected EventLoop Loop => Waiter!.Loop;

    internal sealed override Frame? Run(Strand strand)
    {
        bool done;
        try
        {
            if (Status <= FrameStatus.Immediate)
            {
                Status = FrameStatus.Started;
                Waiter = strand;
                done = Begin(strand);
                if (done)
                {
                    Status = FrameStatus.Succeeded;
                }
            }
            else
            {
                done = Resume(strand);
            }
        }
        catch (Exception e)
        {
            Fail(e);
            done = true;
        }

        if (done)
        {
            return Return(strand);
        }

        Status = FrameStatus.Started;
        strand.ParkOnLeaf(this);
        return null;
    }

    /// <summary>Done: the strand goes to the ready queue. <see cref="Frame{T}.Result"/> is set before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Wake()
    {
        Status = FrameStatus.Succeeded;
        Waiter!.MakeReady();
    }

    /// <summary>Done with an error, thrown at the await.</summary>
    internal void WakeWith(Exception error)
    {
        Fail(error);
        Waiter!.MakeReady();
    }

    bool ILeaf.TryCancel(CancelledException? error)
    {
        if (IsDone)
        {
            return false;
        }

        Unlink();
        Fail(error);
        Waiter!.MakeReady();
        return true;
    }

    bool ILeaf.CancelAfterWake(CancelledException? error)
    {
        if (Status == FrameStatus.Succeeded)
        {
            GiveBack();
        }
        else if (Link is null or CancelledException)
        {
            // Already cancelled: the first message stays, as asyncio's; also if it was none, and the exception is yet to be made.
            Link ??= new CancelledException();
            return true;
        }

        Fail(error);
        return true;
    }
}

/// <summary>What a strand may do with the leaf on which it is parked, whatever the leaf's result type.</summary>
internal interface ILeaf
{
    /// <summary>The strand was cancelled while the leaf waited. False: it cannot end at once, so the request stays pending until it does.</summary>
    bool TryCancel(CancelledException? error);

    /// <summary>A request is pending and the leaf has ended. False: its outcome must not be lost, so the request waits for the next await.</summary>
    bool CancelAfterWake(CancelledException? error);
}
