namespace Asyncio;

/// <summary>
/// A yield that is the root of a strand: given to a task, or awaited by a foreign machine. Awaited by a coroutine of ours a yield has
/// no frame at all; see <see cref="Coroutine.YieldVersion"/>.
/// </summary>
internal sealed class YieldLeaf : Frame<Unit>, ILeaf
{
    internal override string Name => "Aio.Sleep";

    internal static YieldLeaf Create() => new();

    internal override Frame? Run(Strand strand)
    {
        if (Status != FrameStatus.Created)
        {
            return Return(strand);
        }

        Status = FrameStatus.Succeeded;
        strand.ParkOnYield(this);
        return null;
    }

    // Already queued: as with asyncio's bare yield there is nothing to interrupt, the request is delivered when the turn comes.
    bool ILeaf.TryCancel(CancelledException? error) => false;

    bool ILeaf.CancelAfterWake(CancelledException? error)
    {
        Fail(error);
        return true;
    }

    internal override void Release() => Version++;
}
