namespace Asyncio;

/// <summary>
/// A binary heap, lowest first: Python's <c>heapq</c>, so that also equal items come out as they do there. Unlike there, everything is
/// compared before anything is moved: a comparer that throws leaves the heap as it was.
/// </summary>
internal sealed class Heap<T>(IComparer<T> comparer)
{
    private readonly List<T> _items = [];

    internal IEnumerable<T> Items => _items;

    internal void Push(T item)
    {
        var place = _items.Count;
        while (place > 0 && comparer.Compare(item, _items[(place - 1) / 2]) < 0)
        {
            place = (place - 1) / 2;
        }

        var hole = _items.Count;
        _items.Add(item);
        for (; hole != place; hole = (hole - 1) / 2)
        {
            _items[hole] = _items[(hole - 1) / 2];
        }

        _items[place] = item;
    }

    internal T Pop()
    {
        var count = _items.Count - 1;
        var last = _items[count];
        var lowest = _items[0];

        // The hole at the top sinks along the lower children to the bottom: most of the items that fill it belong near there.
        Span<int> path = stackalloc int[32];
        var depth = 0;
        for (var child = 1; child < count; child = (2 * child) + 1)
        {
            if (child + 1 < count && comparer.Compare(_items[child], _items[child + 1]) >= 0)
            {
                child++;
            }

            path[depth++] = child;
        }

        while (depth > 0 && comparer.Compare(last, _items[path[depth - 1]]) < 0)
        {
            depth--;
        }

        var hole = 0;
        for (var i = 0; i < depth; i++)
        {
            _items[hole] = _items[path[i]];
            hole = path[i];
        }

        if (count > 0)
        {
            _items[hole] = last;
        }

        _items.RemoveAt(count);
        return lowest;
    }
}
