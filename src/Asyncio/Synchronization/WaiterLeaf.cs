namespace Asyncio;

/// <summary>
/// A leaf that waits in a line of its like: what asyncio does with a future in a deque. It is the node of the line itself, so waiting
/// allocates nothing and leaving costs the same wherever it stands.
/// </summary>
internal abstract class WaiterLeaf<T> : Leaf<T>
{
    // The line's own; see WaiterLine.
    internal WaiterLeaf<T>? Previous;
    internal WaiterLeaf<T>? Next;
    internal bool InLine;

    /// <summary>True while neither woken nor cancelled. Asyncio: <c>not fut.done()</c>.</summary>
    internal bool IsWaiting => Status == FrameStatus.Started;

    /// <summary>Its strand goes to the ready queue; what it finds there is looked at when its turn comes.</summary>
    /// <exception cref="InvalidOperationException">The loop is closed, or runs in another thread than this.</exception>
    internal void WakeUp()
    {
        Loop.EnqueueChecked(Waiter!, null);
        Status = FrameStatus.Succeeded;
    }
}
