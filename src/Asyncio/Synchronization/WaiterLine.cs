namespace Asyncio;

/// <summary>Who waits, first come first served: an intrusive list of leaves.</summary>
internal struct WaiterLine<T>
{
    private WaiterLeaf<T>? _last; // may be null while there is but one: that spares the usual line a write

    internal WaiterLeaf<T>? First { get; private set; }

    internal int Count { get; private set; }

    internal void Append(WaiterLeaf<T> leaf)
    {
        if (First is not { } first)
        {
            First = leaf;
        }
        else
        {
            var last = _last ?? first;
            last.Next = leaf;
            leaf.Previous = last;
            _last = leaf;
        }

        leaf.InLine = true;
        Count++;
    }

    /// <summary>Takes out the leaf, wherever it stands; does nothing if it is not in the line.</summary>
    internal void Remove(WaiterLeaf<T> leaf)
    {
        if (!leaf.InLine)
        {
            return;
        }

        var (previous, next) = (leaf.Previous, leaf.Next);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Next = next;
            leaf.Previous = null;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Previous = previous;
            leaf.Next = null;
        }

        leaf.InLine = false;
        Count--;
    }

    /// <summary>Wakes the first and takes it out. False: nobody waits.</summary>
    internal bool WakeFirst()
    {
        if (First is not { } first)
        {
            return false;
        }

        first.WakeUp();
        first.InLine = false;
        Count--;
        if (first.Next is { } next)
        {
            next.Previous = null;
            first.Next = null;
            First = next;
        }
        else
        {
            First = null;
            _last = null;
        }

        return true;
    }
}
