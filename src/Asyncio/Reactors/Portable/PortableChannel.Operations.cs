using System.Net;
using System.Net.Sockets;

namespace Asyncio;

// What is tried, without waiting, and how is waited.
internal sealed partial class PortableChannel
{
    protected override int Attempt(IoRequest request)
    {
        try
        {
            return request.Kind switch
            {
                IoKind.Receive => Receive(request.Buffer.Span, request.Flags),
                IoKind.Send => Send(request),
                IoKind.ReceiveFrom => ReceiveFrom(request),
                IoKind.SendTo => _socket.SendTo(request.Buffer.Span, request.Flags, request.Address!),
                IoKind.Connect => Connect(request.Address!),
                IoKind.Accept => Accept(out request.Accepted),
                IoKind.WaitReadable => _readError != SocketError.Success || _accepted is not null || IsReady(SelectMode.SelectRead) ? 0 : WouldBlock,
                IoKind.WaitWritable => IsReady(SelectMode.SelectWrite) ? 0 : WouldBlock,
                _ => IoRequest.Failed(SocketError.OperationNotSupported),
            };
        }
        catch (SocketException e)
        {
            return Outcome(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return AfterProgress(request, SocketError.OperationAborted);
        }
    }

    protected override int Receive(Span<byte> buffer)
    {
        try
        {
            return Receive(buffer, SocketFlags.None);
        }
        catch (ObjectDisposedException)
        {
            return IoRequest.Failed(SocketError.OperationAborted);
        }
    }

    protected override int Accept(out Socket? connection)
    {
        connection = _accepted;
        _accepted = null;
        try
        {
            if (connection is null)
            {
                if (TakeReadError(out var error))
                {
                    return IoRequest.Failed(error);
                }

                if (!IsReady(SelectMode.SelectRead))
                {
                    return WouldBlock;
                }

                connection = _socket.Accept();
            }

            connection.Blocking = false;
            return 0;
        }
        catch (SocketException e)
        {
            // The connection that was there is gone: the next is waited for.
            return e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset ? WouldBlock : Outcome(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return IoRequest.Failed(SocketError.OperationAborted);
        }
    }

    private int Receive(Span<byte> buffer, SocketFlags flags)
    {
        if (TakeReadError(out var error))
        {
            return IoRequest.Failed(error);
        }

        var count = _socket.Receive(buffer, flags, out error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.MessageSize => buffer.Length, // a datagram that was cut
            _ => Outcome(error),
        };
    }

    private int Send(IoRequest request)
    {
        var data = request.Buffer.Span;
        do
        {
            var count = _socket.Send(data[request.Progress..], request.Flags, out var error);
            if (error != SocketError.Success)
            {
                return error == SocketError.WouldBlock ? WouldBlock : AfterProgress(request, error);
            }

            request.Progress += count;
        }
        while (request.Progress < data.Length);

        return request.Progress;
    }

    private int ReceiveFrom(IoRequest request)
    {
        if (TakeReadError(out var error))
        {
            return IoRequest.Failed(error);
        }

        // Asked first, because .NET tells "would block" by an exception only.
        if (!IsReady(SelectMode.SelectRead))
        {
            return WouldBlock;
        }

        var address = request.Address ??= new SocketAddress(_socket.AddressFamily, SocketAddress.GetMaximumAddressSize(_socket.AddressFamily));
        address.Size = address.Buffer.Length;
        try
        {
            return _socket.ReceiveFrom(request.Buffer.Span, request.Flags, address);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            return request.Buffer.Length;
        }
    }

    private int Connect(SocketAddress address)
    {
        if (_connected is { } outcome)
        {
            _connected = null;
            return outcome == SocketError.Success ? 0 : IoRequest.Failed(outcome);
        }

        _connectWait ??= new PortableWait(_reactor, this);
        if (!_connectWait.IsUnderWay)
        {
            _connectWait.RemoteEndPoint = EndPointOf(address);
            _connectWait.Begin(static wait => wait.Channel._socket.ConnectAsync(wait));
        }

        return WouldBlock;
    }

    private void WatchReading()
    {
        if (_readWait is { IsUnderWay: true } || _accepting is { IsUnderWay: true })
        {
            return;
        }

        if (IsAccepting)
        {
            _accepting ??= new PortableAccept(_reactor, this);
            _accepting.Begin(_socket);
        }
        else if (_socket is { SocketType: SocketType.Stream, Connected: false })
        {
            _looksForReading = true;
            LookLater();
        }
        else
        {
            // Into nothing: a stream waits until something is there, and a datagram that is only peeked at stays.
            ReadWait.SocketFlags = _socket.SocketType == SocketType.Stream ? SocketFlags.None : SocketFlags.Peek;
            ReadWait.Begin(static wait => wait.Channel._socket.ReceiveAsync(wait));
        }
    }

    private PortableWait ReadWait => _readWait ??= new PortableWait(_reactor, this);

    private bool TakeReadError(out SocketError error)
    {
        error = _readError;
        _readError = SocketError.Success;
        return error != SocketError.Success;
    }

    private bool IsReady(SelectMode mode)
    {
        try
        {
            return _socket.Poll(0, mode);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true; // the attempt will tell what is wrong
        }
    }

    private void LookLater()
    {
        if (!_isLookedAt)
        {
            _isLookedAt = true;
            _reactor.AddLookedAt(this);
        }
    }

    private static int Outcome(SocketError error) => error == SocketError.WouldBlock ? WouldBlock : IoRequest.Failed(error);

    private static EndPoint EndPointOf(SocketAddress address) => address.Family == AddressFamily.Unix
        ? new UnixDomainSocketEndPoint("/").Create(address)
        : new IPEndPoint(address.Family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(address);

    private static void DisposeIfIdle(PortableWait? wait)
    {
        if (wait is { IsUnderWay: false })
        {
            wait.Dispose();
        }
    }
}
