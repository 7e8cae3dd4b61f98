using System.Net.Sockets;

namespace Asyncio;

/// <summary>What a transport has still to send: a piece that the reactor has, and what was written since then.</summary>
internal sealed class Outbox : IoRequest
{
    private readonly StreamTransport _owner;
    private readonly Channel _channel;
    private readonly BufferPool _pool;
    private PooledBytes _sending;
    private PooledBytes _written;
    private int _sent;
    private bool _isUnderWay;

    internal Outbox(StreamTransport owner, Channel channel, BufferPool pool)
    {
        _owner = owner;
        _channel = channel;
        _pool = pool;
        Kind = IoKind.Send;
    }

    /// <summary>How many bytes are not known to be sent.</summary>
    internal int Length => IsDropped ? 0 : _sending.Length - _sent + _written.Length;

    internal bool IsDropped { get; private set; }

    /// <summary>A send has ended in the middle: what ended it was an error that the system does not tell a second time.</summary>
    internal bool WasCutShort { get; private set; }

    /// <summary>Nothing is sent before <see cref="Send"/>.</summary>
    internal void Append(ReadOnlySpan<byte> data) => _written.Append(_pool, data);

    internal void Send()
    {
        if (_isUnderWay)
        {
            return;
        }

        if (_sending.IsEmpty)
        {
            _sending = _written;
            _written = default;
        }

        if (_sending.IsEmpty)
        {
            return;
        }

        _isUnderWay = true;
        Buffer = _sending.Memory[_sent..];
        _channel.Submit(this);
    }

    /// <summary>Nothing more is sent. What the kernel has comes back when the channel closes.</summary>
    internal void Drop()
    {
        IsDropped = true;
        _written.Clear(_pool);
        if (!_isUnderWay)
        {
            ForgetSending();
        }
    }

    internal override void OnCompleted(int result)
    {
        _isUnderWay = false;
        _sent += Math.Max(result, 0);
        if (IsDropped)
        {
            ForgetSending();
            return;
        }

        if (result < 0)
        {
            _owner.OnSendFailed(Error(result));
            return;
        }

        WasCutShort |= result < Buffer.Length;

        if (_sent == _sending.Length)
        {
            ForgetSending();
        }

        Send();
        _owner.OnSent();
    }

    private void ForgetSending()
    {
        Buffer = default;
        _sending.Clear(_pool);
        _sent = 0;
    }
}
