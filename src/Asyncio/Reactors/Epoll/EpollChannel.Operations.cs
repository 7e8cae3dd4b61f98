using System.Net;
using System.Net.Sockets;

namespace Asyncio;

// The system calls. None blocks.
internal sealed unsafe partial class EpollChannel
{
    private const SocketFlags PassedOn = SocketFlags.OutOfBand | SocketFlags.Peek | SocketFlags.DontRoute; // as numbers the same for Linux

    protected override int Attempt(IoRequest request)
    {
        if (Handle.IsClosed)
        {
            return AfterProgress(request, SocketError.OperationAborted);
        }

        return request.Kind switch
        {
            IoKind.Receive => Receive(request.Buffer.Span, request.Flags),
            IoKind.Send => Send(request),
            IoKind.ReceiveFrom => ReceiveFrom(request),
            IoKind.SendTo => SendTo(request),
            IoKind.Connect => Connect(request.Address!),
            IoKind.Accept => Accept(out request.Accepted),
            IoKind.WaitReadable => IsReady(Libc.POLLIN),
            IoKind.WaitWritable => IsReady(Libc.POLLOUT),
            _ => IoRequest.Failed(SocketError.OperationNotSupported),
        };
    }

    protected override int Receive(Span<byte> buffer) =>
        Handle.IsClosed ? IoRequest.Failed(SocketError.OperationAborted) : Receive(buffer, SocketFlags.None);

    protected override int Accept(out Socket? connection)
    {
        connection = null;
        int descriptor;
        while ((descriptor = Libc.Accept(_descriptor, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC)) < 0)
        {
            if (!Errno.ConcernsOneConnection(Libc.LastError))
            {
                return Failure();
            }
        }

        connection = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        return 0;
    }

    private int Receive(Span<byte> buffer, SocketFlags flags)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = Socket is null
                    ? Libc.Read(_descriptor, start, buffer.Length)
                    : Libc.Receive(_descriptor, start, buffer.Length, (int)(flags & PassedOn) | Libc.MSG_DONTWAIT);
            }
            while (count < 0 && Libc.LastError == Errno.EINTR);

            if (count < 0)
            {
                return Failure();
            }

            // What comes later is a new event. This saves the call that would only say that nothing is left.
            if (count > 0 && count < buffer.Length && _shortMeansEmpty && _isRegistered && flags == SocketFlags.None)
            {
                MayRead = false;
            }

            return (int)count;
        }
    }

    private int Send(IoRequest request)
    {
        fixed (byte* start = request.Buffer.Span)
        {
            var length = request.Buffer.Length;
            do
            {
                var left = length - request.Progress;
                var count = Socket is null
                    ? Libc.Write(_descriptor, start + request.Progress, left)
                    : Libc.Send(_descriptor, start + request.Progress, left, (int)(request.Flags & PassedOn) | Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    request.Progress += (int)count;
                }
                else if (Libc.LastError != Errno.EINTR)
                {
                    var failure = Failure();
                    return failure == WouldBlock ? WouldBlock : AfterProgress(request, IoRequest.Error(failure));
                }
            }
            while (request.Progress < length);

            return length;
        }
    }

    private int ReceiveFrom(IoRequest request)
    {
        var address = request.Address ??= new SocketAddress(Socket!.AddressFamily, SocketAddress.GetMaximumAddressSize(Socket.AddressFamily));
        fixed (byte* start = request.Buffer.Span)
        fixed (byte* from = address.Buffer.Span)
        {
            nint count;
            int addressLength;
            do
            {
                addressLength = address.Buffer.Length;
                count = Libc.ReceiveFrom(
                    _descriptor, start, request.Buffer.Length, (int)(request.Flags & PassedOn) | Libc.MSG_DONTWAIT, from, &addressLength);
            }
            while (count < 0 && Libc.LastError == Errno.EINTR);

            if (count < 0)
            {
                return Failure();
            }

            address.Size = Math.Min(addressLength, address.Buffer.Length);
            return (int)count;
        }
    }

    private int SendTo(IoRequest request)
    {
        var address = request.Address!;
        fixed (byte* start = request.Buffer.Span)
        fixed (byte* to = address.Buffer.Span)
        {
            nint count;
            do
            {
                count = Libc.SendTo(
                    _descriptor,
                    start,
                    request.Buffer.Length,
                    (int)(request.Flags & PassedOn) | Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL,
                    to,
                    address.Size);
            }
            while (count < 0 && Libc.LastError == Errno.EINTR);

            return count < 0 ? Failure() : (int)count;
        }
    }

    /// <summary>Asked again after an event, the same call tells how the connecting went.</summary>
    private int Connect(SocketAddress address)
    {
        fixed (byte* to = address.Buffer.Span)
        {
            if (Libc.Connect(_descriptor, to, address.Size) == 0)
            {
                return 0;
            }

            return Libc.LastError switch
            {
                Errno.EINPROGRESS or Errno.EALREADY or Errno.EINTR => WouldBlock,
                Errno.EAGAIN => IoRequest.Failed(SocketError.WouldBlock), // a Unix socket whose backlog is full: no event would come
                var error => IoRequest.Failed(Errno.ToSocketError(error)),
            };
        }
    }

    private int IsReady(short events)
    {
        var asked = new Libc.PollFd { Descriptor = _descriptor, Events = events };
        var count = Libc.Poll(&asked, 1, 0);
        return count > 0 ? 0 : WouldBlock;
    }

    private static int Failure()
    {
        var error = Libc.LastError;
        return error == Errno.EAGAIN ? WouldBlock : IoRequest.Failed(Errno.ToSocketError(error));
    }
}
