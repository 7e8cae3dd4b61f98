using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A stream over a connected socket.</summary>
internal sealed class SocketTransport : StreamTransport
{
    private readonly Socket _socket;
    private readonly EndPoint? _local;
    private readonly EndPoint? _remote;
    private readonly bool _hasOnlyOutput;
    private Server? _server;

    /// <param name="hasOnlyOutput">It stands for the end of a pipe to which is written.</param>
    internal SocketTransport(
        EventLoop loop,
        Socket socket,
        BaseProtocol protocol,
        Future<Unit>? begun,
        ExecutionContext? execution,
        Server? server = null,
        bool hasOnlyOutput = false)
        : base(loop, loop.Borrowed.HandOver(socket), protocol, begun, execution)
    {
        _socket = socket;
        _hasOnlyOutput = hasOnlyOutput;
        _local = SocketNames.Local(socket);
        _remote = SocketNames.Remote(socket);
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            SocketNames.TrySendAtOnce(socket);
        }

        _server = server;
        server?.Attach(this);
    }

    public override bool CanWriteEof => true;

    public override object? GetExtraInfo(string name) => name switch
    {
        "socket" => _socket,
        "sockname" => _local,
        "peername" => _remote,
        _ => base.GetExtraInfo(name),
    };

    internal override Coroutine<long> SendFile(EventLoop loop, FileSending file, bool fallback) => SendFileOverChannel(file, fallback);

    public override string ToString() => $"{base.ToString()[..^1]} {_local} - {_remote}>";

    protected override bool IsDead => SocketNames.IsDead(_socket);

    protected override bool HasOnlyOutput => _hasOnlyOutput;

    protected override void EndWriting()
    {
        if (_hasOnlyOutput)
        {
            Close();
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            Fail("Fatal error: the socket cannot be shut down", e);
        }
    }

    protected override void OnEnded()
    {
        Loop.Borrowed.Closed(_socket);
        _server?.Detach(this);
        _server = null;
    }
}
