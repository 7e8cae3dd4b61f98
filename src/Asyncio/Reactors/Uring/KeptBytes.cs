using System.Buffers;

namespace Asyncio;

/// <summary>What was received for a receiver that had stopped, in order.</summary>
internal sealed class KeptBytes
{
    private readonly Queue<ArraySegment<byte>> _pieces = new();
    private int _taken; // of the first

    internal bool IsEmpty => _pieces.Count == 0;

    internal void Add(ReadOnlySpan<byte> data)
    {
        var array = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(array);
        _pieces.Enqueue(new ArraySegment<byte>(array, 0, data.Length));
    }

    /// <summary>Hands the first piece over, whole. It may be followed by others.</summary>
    internal void TellFirst(IReceiver receiver)
    {
        var piece = _pieces.Dequeue();
        var data = piece.AsSpan(_taken);
        _taken = 0;
        receiver.OnReceived(data);
        ArrayPool<byte>.Shared.Return(piece.Array!);
    }

    /// <summary>Takes as many bytes as there are and as <paramref name="destination"/> holds.</summary>
    /// <param name="remove">Whether they are gone then, and not only looked at.</param>
    internal int CopyTo(Span<byte> destination, bool remove)
    {
        var piece = _pieces.Peek();
        var count = Math.Min(piece.Count - _taken, destination.Length);
        piece.AsSpan(_taken, count).CopyTo(destination);
        if (remove && (_taken += count) == piece.Count)
        {
            _taken = 0;
            ArrayPool<byte>.Shared.Return(_pieces.Dequeue().Array!);
        }

        return count;
    }

    internal void Clear()
    {
        while (_pieces.TryDequeue(out var piece))
        {
            ArrayPool<byte>.Shared.Return(piece.Array!);
        }

        _taken = 0;
    }
}
