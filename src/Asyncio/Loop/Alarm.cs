namespace Asyncio;

/// <summary>A timer that nobody awaits: it only fires. It has the leaf's members because the heap holds leaves.</summary>
internal abstract class Alarm : TimerNode
{
    /// <summary>Takes it out of the heap, if it is there.</summary>
    internal void Disarm(EventLoop loop)
    {
        if (HeapIndex >= 0)
        {
            loop.Timers.Remove(this);
        }
    }

    protected sealed override bool Begin(Strand strand) => throw new NotSupportedException();

    protected sealed override void Unlink() => throw new NotSupportedException();

    protected sealed override void GiveBack() => throw new NotSupportedException();

    internal sealed override void Release() => throw new NotSupportedException();
}
