using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The timers of a loop, earliest first; of equal ones, the older first.
/// </summary>
/// <remarks>
/// A heap of four children a node whose entries know their index. Cancelling removes at once and keeps nothing; a timeout that
/// never fires sits at the bottom, where removal moves one entry (the worst case is log₄ n). A timing wheel would bound that by a
/// constant too, but it cannot keep the exact order of deadlines without sorting, nor jump in virtual time without a search.
/// </remarks>
internal sealed class TimerHeap
{
    private Entry[] _heap = new Entry[64];
    private int _count;
    private uint _sequence;

    private struct Entry
    {
        internal double When;
        internal TimerNode Node;
    }

    internal int Count => _count;

    internal double EarliestWhen => _heap[0].When;

    internal void Add(TimerNode node, double when)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        node.Sequence = _sequence++;
        SiftUp(_count++, new Entry { When = when, Node = node });
    }

    internal TimerNode RemoveEarliest()
    {
        var node = _heap[0].Node;
        Remove(node);
        return node;
    }

    internal double WhenOf(TimerNode node) => _heap[node.HeapIndex].When;

    internal void Remove(TimerNode node)
    {
        var index = node.HeapIndex;
        node.HeapIndex = -1;
        var last = _heap[--_count];
        _heap[_count] = default;
        if (index == _count)
        {
            return;
        }

        if (index > 0 && Before(last, _heap[(index - 1) >> 2]))
        {
            SiftUp(index, last);
        }
        else
        {
            SiftDown(index, last);
        }
    }

    internal void Clear()
    {
        for (var i = 0; i < _count; i++)
        {
            _heap[i].Node.HeapIndex = -1;
        }

        Array.Clear(_heap, 0, _count);
        _count = 0;
    }

    private void SiftUp(int index, Entry entry)
    {
        var heap = _heap;
        while (index > 0)
        {
            var parent = (index - 1) >> 2;
            if (!Before(entry, heap[parent]))
            {
                break;
            }

            Place(heap, index, heap[parent]);
            index = parent;
        }

        Place(heap, index, entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        var heap = _heap;
        var count = _count;
        while (true)
        {
            var child = (index << 2) + 1;
            if (child >= count)
            {
                break;
            }

            var end = Math.Min(child + 4, count);
            var least = child;
            for (var i = child + 1; i < end; i++)
            {
                if (Before(heap[i], heap[least]))
                {
                    least = i;
                }
            }

            if (!Before(heap[least], entry))
            {
                break;
            }

            Place(heap, index, heap[least]);
            index = least;
        }

        Place(heap, index, entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(Entry[] heap, int index, Entry entry)
    {
        heap[index] = entry;
        entry.Node.HeapIndex = index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Before(in Entry left, in Entry right) =>
        left.When < right.When || (left.When == right.When && (int)(left.Node.Sequence - right.Node.Sequence) < 0);
}
