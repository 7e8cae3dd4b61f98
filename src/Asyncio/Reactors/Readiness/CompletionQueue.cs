namespace Asyncio;

/// <summary>Requests that have ended and are still to be told so, in the order in which they ended.</summary>
internal sealed class CompletionQueue
{
    private Completion[] _ring = new Completion[64]; // its length is a power of two
    private int _head;

    internal int Count { get; private set; }

    internal void Enqueue(IoRequest request, int result)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count++) & (_ring.Length - 1)] = new Completion { Request = request, Result = result };
    }

    internal IoRequest Dequeue(out int result)
    {
        ref var slot = ref _ring[_head];
        var request = slot.Request;
        result = slot.Result;
        slot = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return request;
    }

    private void Grow()
    {
        var larger = new Completion[_ring.Length * 2];
        var first = _ring.Length - _head;
        Array.Copy(_ring, _head, larger, 0, first);
        Array.Copy(_ring, 0, larger, first, _head);
        _ring = larger;
        _head = 0;
    }

    private struct Completion
    {
        internal IoRequest Request;
        internal int Result;
    }
}
