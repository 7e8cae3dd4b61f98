namespace Asyncio;

/// <summary>How many children of a group may run at once; those that wait for their turn are first come, first served.</summary>
internal sealed class TaskSlots(int count)
{
    private readonly LinkedList<ISlotWaiter> _waiting = new();
    private int _free = count;
    private bool _closed;

    internal bool TryTake()
    {
        if (_free == 0 || _closed)
        {
            return false;
        }

        _free--;
        return true;
    }

    internal LinkedListNode<ISlotWaiter> Enqueue(ISlotWaiter waiter) => _waiting.AddLast(waiter);

    internal void Remove(LinkedListNode<ISlotWaiter> node) => _waiting.Remove(node);

    /// <summary>A child has failed: none begins any more. Those that wait are cancelled when the group has noticed, one turn later.</summary>
    internal void Close() => _closed = true;

    /// <summary>A child has ended: its slot goes to the next that waits.</summary>
    internal void Release()
    {
        if (_closed)
        {
            return;
        }

        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.Grant();
        }
        else
        {
            _free++;
        }
    }
}

/// <summary>A child that waits for its slot.</summary>
internal interface ISlotWaiter
{
    void Grant();
}
