namespace Asyncio;

/// <summary>An enumeration that the loop knows of from its first item until it is disposed of.</summary>
internal abstract class TrackedEnumerator
{
    protected TrackedEnumerator(object source)
    {
        Source = source;
        Node = new LinkedListNode<TrackedEnumerator>(this);
    }

    /// <summary>What the user gave.</summary>
    internal object Source { get; }

    /// <summary>Its place among the loop's enumerations: leaving is O(1).</summary>
    internal LinkedListNode<TrackedEnumerator> Node { get; }

    /// <summary>The method, where the source is an iterator of the compiler's.</summary>
    internal string Name => MachineMembers.MethodName(Source.GetType());

    internal abstract ValueTask DisposeInner();
}

/// <inheritdoc/>
internal sealed class TrackedEnumerator<T>(IAsyncEnumerable<T> source, IAsyncEnumerator<T> inner) : TrackedEnumerator(source), IAsyncEnumerator<T>
{
    private EventLoop? _loop;

    public T Current => inner.Current;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_loop is null)
        {
            // At the first item, not before: until then there is nothing to clean up.
            _loop = EventLoop.RequireRunning();
            _loop.AddAsyncgen(this);
        }

        return inner.MoveNextAsync();
    }

    public ValueTask DisposeAsync()
    {
        _loop?.RemoveAsyncgen(this);
        return inner.DisposeAsync();
    }

    internal override ValueTask DisposeInner() => inner.DisposeAsync();
}

/// <summary>What <see cref="Aio.Iterate{T}"/> gives.</summary>
internal sealed class TrackedEnumerable<T>(IAsyncEnumerable<T> source) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new TrackedEnumerator<T>(source, source.GetAsyncEnumerator(cancellationToken));
}
