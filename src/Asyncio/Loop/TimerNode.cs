namespace Asyncio;

/// <summary>
/// What the timer heap holds. It is a leaf because nearly all timers are sleeps: one object for "parked" and "due at".
/// </summary>
internal abstract class TimerNode : Leaf<Unit>
{
    /// <summary>Where it is in the heap; −1 when it is in none.</summary>
    internal int HeapIndex = -1;

    /// <summary>Order of creation, among timers that are due at the same time.</summary>
    internal uint Sequence;

    /// <summary>It is due. Runs on the loop's thread, in the order of deadlines.</summary>
    internal abstract void Fire(EventLoop loop);
}
