using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>A socket or a pipe whose operations are a ring's.</summary>
internal sealed partial class UringChannel : Channel
{
    private readonly UringReactor _reactor;
    private int _operations;
    private bool _isHeld;
    private bool _closed;

    /// <summary>Requests that must not overtake an ending receiver or acceptor, which may have their result in hand.</summary>
    private List<IoRequest>? _waiting;

    internal UringChannel(UringReactor reactor, Socket? socket, SafeHandle handle)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed || handle.IsInvalid, handle);
        _reactor = reactor;
        Socket = socket;
        Handle = handle;
        Descriptor = (int)handle.DangerousGetHandle();
    }

    internal override Socket? Socket { get; }

    internal override SafeHandle Handle { get; }

    internal override bool IsClosed => _closed;

    internal int Descriptor { get; }

    /// <summary>The first of the operations of this channel in the table; they are linked.</summary>
    internal int FirstOperation { get; set; }

    internal override void Submit(IoRequest request)
    {
        request.Slot = 0;
        request.Progress = 0;
        _reactor.Began();
        if (_closed)
        {
            _reactor.Later(new Postponed(request, IoRequest.Failed(SocketError.OperationAborted)));
        }
        else if (MustWait(request.Kind))
        {
            (_waiting ??= []).Add(request);
        }
        else if (!TryServeFromKept(request))
        {
            _reactor.Begin(OperationKind.Request, this, request);
        }
    }

    internal override void Cancel(IoRequest request)
    {
        if (_reactor.Has(request))
        {
            _reactor.Cancel(request.Slot);
        }
        else if (_waiting is not null && _waiting.Remove(request))
        {
            _reactor.Later(new Postponed(request, IoRequest.Failed(SocketError.OperationAborted)));
        }
    }

    internal override void Close()
    {
        if (_closed)
        {
            return;
        }

        StopReceiving();
        StopAccepting();
        _closed = true;
        _reactor.Forget(this);
        _kept?.Clear();
        CloseKeptConnections();
        ServeWaiting();
        if (_operations == 0)
        {
            CloseDescriptor();
            return;
        }

        // Until the descriptor is closed there is something to poll for.
        _reactor.Began();
        _reactor.CancelAll(this);
        if (_accepting != 0 && _reactor.TrySubmit())
        {
            // Who listens no more is to refuse from now on, not from the next poll; the kernel needs the number no longer.
            CloseDescriptor();
        }
    }

    /// <summary>
    /// An operation begins. The kernel has a reference of its own to the file from the submission on; until then the handle of a pipe is
    /// held.
    /// </summary>
    /// <remarks>A socket's is not: .NET's Dispose spins until nobody holds it, and on this thread that would be for ever.</remarks>
    internal void Hold()
    {
        if (_operations++ == 0 && Socket is null && !LeavesOpen)
        {
            Handle.DangerousAddRef(ref _isHeld);
        }
    }

    internal void Release()
    {
        if (--_operations > 0)
        {
            return;
        }

        if (_isHeld)
        {
            _isHeld = false;
            Handle.DangerousRelease();
        }

        if (_closed)
        {
            _reactor.Ended();
            _reactor.Told();
            CloseDescriptor();
        }
    }

    /// <summary>The error that the socket has kept for whoever asks.</summary>
    internal SocketError TakeError()
    {
        try
        {
            return (SocketError)(int)Socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted; // behind our back
        }
    }

    /// <summary>Tells what was kept, to whoever is there for it now, and goes on from there.</summary>
    internal void TellKept()
    {
        TellKeptBytes();
        TellKeptConnections();
    }

    private void CloseDescriptor()
    {
        if (LeavesOpen)
        {
            return;
        }

        if (Socket is not null)
        {
            Socket.Dispose();
        }
        else
        {
            Handle.Dispose();
        }
    }

    private bool MustWait(IoKind kind) => kind switch
    {
        IoKind.Receive => _receiving != 0,
        IoKind.Accept => _accepting != 0,
        IoKind.WaitReadable => _receiving != 0 || _accepting != 0,
        _ => false,
    };

    /// <summary>A receiver or acceptor has ended: those that waited for it begin.</summary>
    private void ServeWaiting()
    {
        if (_waiting is not { Count: > 0 and var count })
        {
            return;
        }

        // Each may have to wait once more, behind those of now.
        for (var i = 0; i < count; i++)
        {
            _reactor.Ended();
            Submit(_waiting[i]);
        }

        _waiting.RemoveRange(0, count);
    }

    /// <summary>Completes the request with what was kept, if there is something of that kind.</summary>
    private bool TryServeFromKept(IoRequest request)
    {
        switch (request.Kind)
        {
            case IoKind.Receive when HasKept:
                _reactor.Later(new Postponed(request, TakeKept(request)));
                return true;
            case IoKind.Accept when _connections is { Count: > 0 }:
                request.Accepted = _connections.Dequeue();
                _reactor.Later(new Postponed(request, 0));
                return true;
            case IoKind.WaitReadable when HasKept || _connections is { Count: > 0 }:
                _reactor.Later(new Postponed(request, 0));
                return true;
            default:
                return false;
        }
    }
}
