using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>A descriptor and what epoll has told of it.</summary>
/// <remarks>
/// No reference is held on the handle: every system call is made on the loop's thread, which is where the channel is closed. So a
/// socket that is disposed of behind the channel's back fails instead of blocking whoever disposes of it.
/// </remarks>
internal sealed partial class EpollChannel : ReadinessChannel
{
    private const uint ReadEvents = Libc.EPOLLIN | Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR;
    private const uint WriteEvents = Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR;

    /// <summary>There may be more behind what a short receive gave: the end, an error or urgent data.</summary>
    private const uint Interrupting = Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR;

    private readonly EpollReactor _reactor;
    private readonly int _descriptor;
    private bool _isRegistered;
    private bool _shortMeansEmpty;

    internal EpollChannel(EpollReactor reactor, Socket socket)
        : this(reactor, socket.SafeHandle)
    {
        Socket = socket;
        _shortMeansEmpty = socket is { SocketType: SocketType.Stream, AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 };
    }

    internal EpollChannel(EpollReactor reactor, SafeHandle handle)
        : base(reactor)
    {
        _reactor = reactor;
        Handle = handle;
        _descriptor = (int)handle.DangerousGetHandle();
        Libc.SetNonBlocking(_descriptor);
    }

    internal override Socket? Socket { get; }

    internal override SafeHandle Handle { get; }

    internal void OnEvents(uint events)
    {
        _shortMeansEmpty &= (events & Interrupting) == 0;
        OnReady((events & ReadEvents) != 0, (events & WriteEvents) != 0);
    }

    protected override SocketError Watch(bool writing)
    {
        if (_isRegistered)
        {
            return SocketError.Success;
        }

        var error = Handle.IsClosed ? SocketError.OperationAborted : _reactor.Register(_descriptor, Key);
        _isRegistered = error == SocketError.Success;
        return error;
    }

    protected override void Release()
    {
        if (Handle.IsClosed)
        {
            return; // behind our back: the number may be somebody else's by now
        }

        if (_isRegistered)
        {
            _reactor.Unregister(_descriptor);
        }

        if (LeavesOpen)
        {
            return;
        }

        if (Socket is null)
        {
            Handle.Dispose();
        }
        else
        {
            Socket.Dispose();
        }
    }
}
