using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The transport of a datagram socket.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed partial class DatagramEndpoint : DatagramTransport, ICallbackTarget, ITransportParts
{
    private static readonly TransportCallback<DatagramEndpoint> s_deliver = new(static endpoint => endpoint.Deliver());
    private static readonly TransportCallback<DatagramEndpoint> s_sent = new(static endpoint => endpoint.TellSent());

    private readonly TransportLife _life;
    private readonly Socket _socket;
    private readonly EndPoint? _local;
    private readonly EndPoint? _remote;
    private readonly bool _isConnected;
    private readonly DatagramOutbox _out;
    private WriteLimits _limits = new();
    private SocketError _sendError;

    /// <param name="remote">Where datagrams without an address go; null is that each needs one.</param>
    internal DatagramEndpoint(EventLoop loop, Socket socket, BaseProtocol protocol, EndPoint? remote, Future<Unit> begun)
    {
        var channel = loop.Borrowed.HandOver(socket);
        _socket = socket;
        _isConnected = socket.Connected;
        _local = SocketNames.Local(socket);
        _remote = _isConnected ? SocketNames.Remote(socket) : remote;
        _out = new DatagramOutbox(this, channel, loop.Buffers);
        _receiving = new Reception(this);
        _life = new TransportLife(this, loop, channel, protocol, begun, ThreadContext.Inherit());
    }

    public EventLoop Loop => _life.Loop;

    ExecutionContext? ICallbackTarget.Execution => _life.Execution;

    bool ITransportParts.HasOutput => !_out.IsEmpty;

    public override bool IsClosing => _life.IsClosing;

    public override BaseProtocol GetProtocol() => _life.Protocol;

    public override void SetProtocol(BaseProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        Loop.CheckThread();
        _life.Protocol = protocol;
    }

    public override void Close() => _life.Close();

    public override void Abort()
    {
        Loop.CheckThread();
        _life.Abort(null);
    }

    public override object? GetExtraInfo(string name) => name switch
    {
        "socket" => _socket,
        "sockname" => _local,
        "peername" => _isConnected ? _remote : null,
        _ => base.GetExtraInfo(name),
    };

    public override int GetWriteBufferSize() => _out.Length;

    public override (int Low, int High) GetWriteBufferLimits() => (_limits.Low, _limits.High);

    public override void SetWriteBufferLimits(int? high = null, int? low = null)
    {
        Loop.CheckThread();
        _limits.Set(high, low);
        _limits.PauseIfAbove(_out.Length, Loop, this, _life.Protocol);
    }

    public override void SendTo(ReadOnlySpan<byte> data, EndPoint? address = null)
    {
        Loop.CheckThread();
        if (_remote is not null && address is not null && !address.Equals(_remote))
        {
            throw new ArgumentException($"Invalid address: must be null or {_remote}", nameof(address));
        }

        if ((address ?? _remote) is not { } target)
        {
            throw new ArgumentException("The endpoint was made without an address, so each datagram needs one.", nameof(address));
        }

        if (_life.MayWrite())
        {
            _out.Add(data, _isConnected ? null : target.Serialize());
            _limits.PauseIfAbove(_out.Length, Loop, this, _life.Protocol);
        }
    }

    public override string ToString() => $"<{nameof(DatagramEndpoint)} {_life.State} {_local} - {_remote}>";

    /// <summary>In a poll.</summary>
    internal void OnSent(SocketError error)
    {
        if (error != SocketError.Success)
        {
            _sendError = error;
        }

        if (_sendError != SocketError.Success || _limits.MayResume(_out.Length))
        {
            Loop.Ready.Enqueue(s_sent, this);
        }

        _life.EndIfSent();
    }

    void ITransportParts.DropOutput() => _out.Drop();

    void ITransportParts.OnEnded() => Loop.Borrowed.Closed(_socket);

    private void TellSent()
    {
        if (_life.HasEnded)
        {
            return;
        }

        var error = _sendError;
        _sendError = SocketError.Success;
        if (error != SocketError.Success)
        {
            TellError(error);
        }

        _limits.ResumeIfBelow(_out.Length, Loop, this, _life.Protocol);
    }
}
