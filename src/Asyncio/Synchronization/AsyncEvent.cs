using System.Diagnostics;

namespace Asyncio;

/// <summary>A flag that tasks wait for. The counterpart of <c>asyncio.Event</c>.</summary>
/// <remarks>Not thread-safe: only the loop's thread may touch it; from others, <c>loop.CallSoonThreadsafe(e.Set)</c>. It belongs to no loop until a task has to wait.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncEvent
{
    private readonly WaitingRoom _room;

    /// <summary>An event whose flag is not set.</summary>
    public AsyncEvent() => _room = new WaitingRoom(this, "AsyncEvent.WaitAsync");

    /// <summary>The flag. Asyncio: <c>is_set()</c>.</summary>
    public bool IsSet => _room.IsOpen;

    /// <summary>Its state now: the flag, and how many wait.</summary>
    public AsyncEventStatistics Statistics => new(IsSet, _room.Count);

    /// <summary>Sets the flag and wakes all who wait; they go on even if the flag is cleared before their turn. Does nothing if it is set. Does not suspend. Asyncio: <c>set()</c>.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits, and the loop runs in another thread than this.</exception>
    public void Set()
    {
        if (!_room.IsOpen)
        {
            _room.Wake(int.MaxValue); // first: refused on a wrong thread, it leaves all as it was
            _room.IsOpen = true;
        }
    }

    /// <summary>Clears the flag: who waits from now on waits for the next <see cref="Set"/>. Does not suspend. Asyncio: <c>clear()</c>.</summary>
    public void Clear() => _room.IsOpen = false;

    /// <summary>Waits until the flag is set. Asyncio: <c>wait()</c>.</summary>
    /// <returns>Always true.</returns>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if the flag is not set. Cancelling the wait leaves the line.</remarks>
    public Coroutine<bool> WaitAsync() => _room.WaitAsync();

    /// <summary>As asyncio's: <c>&lt;AsyncEvent [unset, waiters:2]&gt;</c>.</summary>
    public override string ToString() => $"<AsyncEvent [{(IsSet ? "set" : "unset")}{_room.CountText}]>";
}
