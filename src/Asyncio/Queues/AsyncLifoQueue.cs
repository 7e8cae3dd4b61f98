namespace Asyncio;

/// <summary>A queue whose newest item comes out first. The counterpart of <c>asyncio.LifoQueue</c>.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <inheritdoc cref="AsyncQueue{T}" path="/remarks"/>
public sealed class AsyncLifoQueue<T> : AsyncQueue<T>
{
    private readonly Stack<T> _items = new();

    /// <inheritdoc/>
    public AsyncLifoQueue(int maxSize = 0)
        : base(maxSize)
    {
    }

    /// <summary>The items, oldest first.</summary>
    protected override IEnumerable<T> Items => _items.Reverse();

    /// <inheritdoc/>
    protected override void PutItem(T item) => _items.Push(item);

    /// <inheritdoc/>
    protected override T TakeItem() => _items.Pop();
}
