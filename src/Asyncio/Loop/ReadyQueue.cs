using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>One entry of the ready queue. Two words, so that "this listener, about that future" costs no object.</summary>
internal struct ReadyItem
{
    internal Runnable Target;
    internal object? Argument;
}

/// <summary>The ready queue of a loop: a ring, touched by the loop's thread only.</summary>
internal sealed class ReadyQueue
{
    private ReadyItem[] _ring = new ReadyItem[256];
    private int _head;
    private int _count;

    internal int Count => _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(Runnable target, object? argument)
    {
        var ring = _ring;
        if (_count == ring.Length)
        {
            ring = Grow();
        }

        ref var slot = ref ring[(_head + _count) & (ring.Length - 1)];
        slot.Target = target;
        slot.Argument = argument;
        _count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadyItem Dequeue()
    {
        var ring = _ring;
        ref var slot = ref ring[_head & (ring.Length - 1)];
        var item = slot;
        slot = default; // a queue that waits must not keep what has already run alive
        _head = (_head + 1) & (ring.Length - 1);
        _count--;
        return item;
    }

    /// <summary>Takes out the entry at <paramref name="index"/>, counted from the head; the order of the others stays.</summary>
    internal ReadyItem DequeueAt(int index)
    {
        var mask = _ring.Length - 1;
        var item = _ring[(_head + index) & mask];
        for (var i = index; i > 0; i--)
        {
            _ring[(_head + i) & mask] = _ring[(_head + i - 1) & mask];
        }

        _ring[_head] = default;
        _head = (_head + 1) & mask;
        _count--;
        return item;
    }

    /// <summary>Takes everything out and leaves as many entries that do nothing: the iteration that runs ends without running any more.</summary>
    internal List<ReadyItem> Interrupt()
    {
        var items = new List<ReadyItem>(_count);
        for (var i = _count; i > 0; i--)
        {
            items.Add(Dequeue());
            Enqueue(Idle.Instance, null);
        }

        return items;
    }

    /// <summary>Puts back what <see cref="Interrupt"/> took out, before what has come since.</summary>
    internal void Resume(List<ReadyItem> items)
    {
        while (_count > 0)
        {
            var item = Dequeue();
            if (item.Target is not Idle)
            {
                items.Add(item);
            }
        }

        foreach (var item in items)
        {
            Enqueue(item.Target, item.Argument);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadyItem[] Grow()
    {
        var bigger = new ReadyItem[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            bigger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _head = 0;
        return _ring = bigger;
    }

    private sealed class Idle : Runnable
    {
        internal static readonly Idle Instance = new();

        internal override void Run(object? argument)
        {
        }
    }
}
