using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>A sleep of zero: the strand goes to the end of the ready queue at once.</summary>
internal sealed class YieldLeaf : Frame<Unit>, ILeaf
{
    [ThreadStatic]
    private static FramePool t_pool;

    private Strand? _waiter;

    internal override string Name => "Aio.Sleep";

    Strand? ILeaf.Waiter => _waiter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Coroutine Create()
    {
        var leaf = Unsafe.As<YieldLeaf?>(t_pool.Rent()) ?? new YieldLeaf();
        return new Coroutine(leaf, leaf.Version);
    }

    internal override Frame? Run(Strand strand)
    {
        if (Status != FrameStatus.Created)
        {
            return Return(strand);
        }

        Status = FrameStatus.Succeeded;
        _waiter = strand;
        strand.Top = this;
        strand.Waiting = this;
        strand.MakeReady();
        return null;
    }

    // Already queued: as with asyncio's bare yield there is nothing to interrupt, the request is delivered when the turn comes.
    bool ILeaf.TryCancel(CancelledException? error) => false;

    void ILeaf.CancelAfterWake(CancelledException? error) => Fail(error);

    internal override void Release()
    {
        _waiter = null;
        t_pool.Return(this);
    }
}
