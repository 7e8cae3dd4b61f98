namespace Asyncio;

/// <summary>A queue whose lowest item comes out first; items are often tuples <c>(priority, data)</c>. The counterpart of <c>asyncio.PriorityQueue</c>.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <remarks>
/// <para>Equal items come out in no particular order (in that of Python's <c>heapq</c>). If the comparer throws, the queue stays as it was.</para>
/// <inheritdoc cref="AsyncQueue{T}" path="/remarks/para"/>
/// </remarks>
public sealed class AsyncPriorityQueue<T> : AsyncQueue<T>
{
    private readonly Heap<T> _heap;

    /// <summary>An empty queue.</summary>
    /// <param name="maxSize">How many items it holds at most; zero and less is without limit.</param>
    /// <param name="comparer">Which of two is lower; null is the items' own order.</param>
    public AsyncPriorityQueue(int maxSize = 0, IComparer<T>? comparer = null)
        : base(maxSize) => _heap = new Heap<T>(comparer ?? Comparer<T>.Default);

    /// <summary>The items, as the heap holds them: the lowest is the first.</summary>
    protected override IEnumerable<T> Items => _heap.Items;

    /// <inheritdoc/>
    protected override void PutItem(T item) => _heap.Push(item);

    /// <inheritdoc/>
    protected override T TakeItem() => _heap.Pop();
}
