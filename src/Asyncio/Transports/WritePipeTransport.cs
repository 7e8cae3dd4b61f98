using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The end of a pipe to which is written.</summary>
internal sealed class WritePipeTransport : StreamTransport
{
    private readonly SafeHandle _pipe;
    private readonly Channel _channel;
    private PeerWatch? _watch;

    internal WritePipeTransport(EventLoop loop, SafeHandle pipe, BaseProtocol protocol, Future<Unit>? begun, ExecutionContext? execution)
        : this(loop, pipe, loop.Reactor.Open(pipe), protocol, begun, execution)
    {
    }

    private WritePipeTransport(
        EventLoop loop, SafeHandle pipe, Channel channel, BaseProtocol protocol, Future<Unit>? begun, ExecutionContext? execution)
        : base(loop, channel, protocol, begun, execution)
    {
        _pipe = pipe;
        _channel = channel;
    }

    public override bool CanWriteEof => true;

    public override object? GetExtraInfo(string name) => name == "pipe" ? _pipe : base.GetExtraInfo(name);

    /// <summary>Nothing comes this way; but the writing end of a pipe becomes readable when nobody has the other end any more.</summary>
    protected override void StartReceiving()
    {
        if (_watch is null && FileStatus.Of(_pipe) is { IsPipe: true })
        {
            _watch = new PeerWatch(this);
            _channel.Submit(_watch);
        }
    }

    protected override bool HasOnlyOutput => true;

    protected override void EndWriting() => Close();

    private void OnPeerGone()
    {
        if (GetWriteBufferSize() > 0)
        {
            Fail("Fatal write error on pipe transport", new SocketException((int)SocketError.Shutdown));
        }
        else
        {
            Close();
        }
    }

    private sealed class PeerWatch : IoRequest
    {
        private readonly WritePipeTransport _owner;

        internal PeerWatch(WritePipeTransport owner)
        {
            _owner = owner;
            Kind = IoKind.WaitReadable;
        }

        internal override void OnCompleted(int result)
        {
            if (result >= 0)
            {
                _owner.OnPeerGone();
            }
        }
    }
}
