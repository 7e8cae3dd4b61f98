namespace Asyncio;

/// <summary>What an operation of the ring is for.</summary>
internal enum OperationKind : byte
{
    Request,
    Receiving,
    Accepting,
}

/// <summary>An operation that the ring has, or is to have.</summary>
internal unsafe struct Operation
{
    internal UringChannel Channel;

    /// <summary>Of those of the kind <see cref="OperationKind.Request"/>.</summary>
    internal IoRequest? Request;

    internal NativeMessage* Message;
    internal uint Generation;
    internal OperationKind Kind;

    /// <summary>It is to end: a cancellation that nobody asked for begins it again.</summary>
    internal bool CancelAsked;

    /// <summary>The ring does not have it now; the next poll hands it over again.</summary>
    internal bool IsParked;

    /// <summary>What it does would have blocked: it waits for the descriptor first.</summary>
    internal bool IsPolling;

    /// <summary>The next of the same channel, or of the free ones. Zero is none.</summary>
    internal int Next;

    internal int Previous;
}

/// <summary>
/// The operations under way, by slot. What the kernel keeps of one is its slot and the slot's generation, so that no completion can
/// reach another operation than its own.
/// </summary>
internal sealed class OperationTable
{
    private Operation[] _operations = new Operation[64];
    private int _firstFree;
    private int _used = 1; // slot zero stands for none

    /// <summary>Not to be kept over anything that may begin an operation: the table grows.</summary>
    internal ref Operation this[int slot] => ref _operations[slot];

    internal int Rent(OperationKind kind, UringChannel channel, IoRequest? request)
    {
        var slot = _firstFree;
        if (slot != 0)
        {
            _firstFree = _operations[slot].Next;
        }
        else
        {
            if (_used == _operations.Length)
            {
                Array.Resize(ref _operations, 2 * _used);
            }

            slot = _used++;
        }

        ref var operation = ref _operations[slot];
        operation = new Operation
        {
            Channel = channel,
            Request = request,
            Kind = kind,
            Generation = operation.Generation + 1,
            Next = channel.FirstOperation,
        };
        if (channel.FirstOperation != 0)
        {
            _operations[channel.FirstOperation].Previous = slot;
        }

        channel.FirstOperation = slot;
        return slot;
    }

    internal void Return(int slot)
    {
        ref var operation = ref _operations[slot];
        if (operation.Previous != 0)
        {
            _operations[operation.Previous].Next = operation.Next;
        }
        else
        {
            operation.Channel.FirstOperation = operation.Next;
        }

        if (operation.Next != 0)
        {
            _operations[operation.Next].Previous = operation.Previous;
        }

        operation = new Operation { Generation = operation.Generation, Next = _firstFree };
        _firstFree = slot;
    }

    /// <summary>What the kernel keeps of an operation.</summary>
    internal ulong Tag(int slot) => (ulong)_operations[slot].Generation << 32 | (uint)slot;

    /// <summary>The slot of a tag; zero if its operation is no longer under way.</summary>
    internal int Find(ulong tag)
    {
        var slot = (int)(uint)tag;
        return (uint)slot < (uint)_used && _operations[slot].Generation == (uint)(tag >> 32) && _operations[slot].Channel is not null ? slot : 0;
    }
}
