using System.Net;
using System.Net.Sockets;

namespace Asyncio;

/// <summary>Datagrams that are still to be sent, first in, first out. The reactor has the first.</summary>
internal sealed class DatagramOutbox(DatagramEndpoint owner, Channel channel, BufferPool pool) : IoRequest
{
    /// <summary>What a datagram counts beside its content, so that many small ones are noticed, too.</summary>
    private const int Overhead = 8;

    private readonly Queue<(PooledBytes Content, SocketAddress? Address)> _waiting = new();
    private bool _isUnderWay;
    private bool _dropped;

    internal int Length { get; private set; }

    internal bool IsEmpty => _waiting.Count == 0 || _dropped;

    /// <param name="address">Null on a connected socket.</param>
    internal void Add(ReadOnlySpan<byte> data, SocketAddress? address)
    {
        var content = default(PooledBytes);
        content.Append(pool, data);
        _waiting.Enqueue((content, address));
        Length += data.Length + Overhead;
        if (!_isUnderWay)
        {
            SendFirst();
        }
    }

    internal void Drop()
    {
        _dropped = true;
        Length = 0;
        if (!_isUnderWay)
        {
            Clear();
        }
    }

    internal override void OnCompleted(int result)
    {
        _isUnderWay = false;
        Buffer = default;
        if (_dropped)
        {
            Clear();
            return;
        }

        var (content, _) = _waiting.Dequeue();
        Length -= content.Length + Overhead;
        content.Clear(pool);
        if (_waiting.Count > 0)
        {
            SendFirst();
        }

        owner.OnSent(Error(result));
    }

    private void SendFirst()
    {
        var (content, address) = _waiting.Peek();
        Kind = address is null ? IoKind.Send : IoKind.SendTo;
        Buffer = content.IsEmpty ? default : content.Memory;
        Address = address;
        _isUnderWay = true;
        channel.Submit(this);
    }

    private void Clear()
    {
        foreach (var (content, _) in _waiting)
        {
            content.Clear(pool);
        }

        _waiting.Clear();
    }
}
