namespace Asyncio.LowLevel;

/// <summary>A callback that the loop will call at a given time. The counterpart of <c>asyncio.TimerHandle</c>.</summary>
public sealed class TimerHandle : Handle
{
    private readonly Node _node;
    private readonly double _when;

    internal TimerHandle(EventLoop loop, double when, bool isDue, Delegate callback, object? argument, Context? context)
        : base(loop, callback, argument, context)
    {
        _when = when;
        _node = new Node(this);
        loop.AddTimer(_node, when, isDue);
    }

    /// <summary>When it is due: seconds of <see cref="EventLoop.Time"/>. Asyncio: <c>when()</c>.</summary>
    public double When() => _when;

    /// <summary>The callback will not be called; the timer is removed at once and keeps nothing.</summary>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public override void Cancel()
    {
        Loop.CheckThread();
        base.Cancel();
        if (_node.HeapIndex >= 0)
        {
            Loop.Timers.Remove(_node);
        }
    }

    private sealed class Node(TimerHandle handle) : Alarm
    {
        internal override string Name => "TimerHandle";

        internal override void Fire(EventLoop loop) => loop.Ready.Enqueue(HandleRunner.Instance, handle);
    }
}
