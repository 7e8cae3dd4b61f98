namespace Asyncio;

/// <summary>Something that tasks and foreign code wait for while it is pending.</summary>
internal sealed class ConnectionEvent(EventLoop loop, string name)
{
    private WaiterLine<Unit> _line;
    private List<Runnable>? _others; // of those that are no coroutines

    internal string Name => name;

    internal bool IsPending { get; set; }

    internal Coroutine WaitAsync() => IsPending ? ConnectionLeaf.Create(this) : Coroutine.Completed;

    internal void Add(ConnectionLeaf leaf, EventLoop waiter)
    {
        if (!ReferenceEquals(loop, waiter))
        {
            throw new InvalidOperationException($"{name}() was awaited on a loop that is not the stream's.");
        }

        _line.Append(leaf);
    }

    internal void Remove(ConnectionLeaf leaf) => _line.Remove(leaf);

    /// <summary>Queues it when the event is no longer pending; the argument is the error, or null.</summary>
    internal void Add(Runnable other) => (_others ??= []).Add(other);

    internal void Remove(Runnable other) => _others?.Remove(other);

    /// <summary>No longer pending: all go on, or fail with the error.</summary>
    internal void End(Exception? error)
    {
        IsPending = false;
        while (_line.First is { } first)
        {
            if (error is null)
            {
                _line.WakeFirst();
            }
            else
            {
                _line.Remove(first);
                first.WakeWith(error);
            }
        }

        if (_others is { } others)
        {
            _others = null;
            foreach (var other in others)
            {
                loop.Ready.Enqueue(other, error);
            }
        }
    }
}
