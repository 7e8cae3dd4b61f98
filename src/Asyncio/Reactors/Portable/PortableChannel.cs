using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// A socket whose readiness .NET tells by operations that move no data: a receive into nothing, or an accept or a connect, whose outcome
/// is kept for the request. So a request can be cancelled at any time and loses nothing, and nobody holds a buffer while it waits.
/// </summary>
/// <remarks>
/// For "can be written", and for "can be read" of a listening socket, .NET has no such operation: while somebody waits for that, the
/// socket is looked at every millisecond.
/// </remarks>
internal sealed partial class PortableChannel : ReadinessChannel
{
    private readonly PortableReactor _reactor;
    private readonly Socket _socket;
    private PortableWait? _readWait;
    private PortableWait? _connectWait;
    private PortableAccept? _accepting;
    private Socket? _accepted;
    private SocketError? _connected;
    private SocketError _readError;
    private bool _closesLater;
    private bool _isLookedAt;
    private bool _looksForReading;
    private bool _looksForWriting;

    internal PortableChannel(PortableReactor reactor, Socket socket)
        : base(reactor)
    {
        _reactor = reactor;
        _socket = socket;
        _socket.Blocking = false;
    }

    internal override Socket? Socket => _socket;

    internal override SafeHandle Handle => _socket.SafeHandle;

    /// <summary>On the loop's thread, in a poll.</summary>
    internal void OnWaitEnded(PortableWait wait)
    {
        if (IsClosed)
        {
            wait.Dispose();
            EndClosing();
            return;
        }

        if (wait == _connectWait)
        {
            _connected = wait.SocketError;
            OnReady(readable: false, writable: true);
            return;
        }

        _readError = wait.SocketError == SocketError.MessageSize ? SocketError.Success : wait.SocketError; // longer than nothing: it is there
        OnReady(readable: true, writable: false);
    }

    /// <summary>On the loop's thread, in a poll.</summary>
    /// <param name="connection">Kept for whoever accepts next; closed with the channel.</param>
    internal void OnAcceptEnded(Socket? connection, SocketError error)
    {
        if (IsClosed)
        {
            connection?.Dispose();
            return;
        }

        _accepted = connection;
        _readError = error;
        OnReady(readable: true, writable: false);
    }

    /// <summary>In a poll.</summary>
    internal void Look()
    {
        _isLookedAt = false;
        if (IsClosed)
        {
            return;
        }

        var readable = _looksForReading && IsReady(SelectMode.SelectRead);
        var writable = _looksForWriting && IsReady(SelectMode.SelectWrite);
        _looksForReading &= !readable;
        _looksForWriting &= !writable;
        if (_looksForReading || _looksForWriting)
        {
            LookLater();
        }

        OnReady(readable, writable);
    }

    protected override SocketError Watch(bool writing)
    {
        if (writing)
        {
            if (_connectWait is not { IsUnderWay: true })
            {
                _looksForWriting = true;
                LookLater();
            }

            return SocketError.Success;
        }

        try
        {
            WatchReading();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    protected override void OnNobodyAccepts() => _accepting?.Cancel();

    protected override void Release()
    {
        _accepted?.Dispose();
        _accepting?.Cancel();
        DisposeIfIdle(_connectWait);
        if (LeavesOpen)
        {
            DisposeIfIdle(_readWait);
            return;
        }

        if (_readWait is { IsUnderWay: true } && TryShutDown())
        {
            _closesLater = true;
            _reactor.Begin();
            return;
        }

        DisposeIfIdle(_readWait);
        _socket.Dispose();
    }

    /// <summary>
    /// A socket that is disposed of in the middle of a receive resets its connection, and what was sent is lost. Shut down, it ends the
    /// receive itself.
    /// </summary>
    private bool TryShutDown()
    {
        try
        {
            if (_socket is not { SocketType: SocketType.Stream, Connected: true } || WantsReset)
            {
                return false;
            }

            _socket.Shutdown(SocketShutdown.Both);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Sockets of this machine know no reset, and need not know the option.</summary>
    private bool WantsReset => _socket.AddressFamily != AddressFamily.Unix && _socket.LingerState is { Enabled: true, LingerTime: 0 };

    private void EndClosing()
    {
        if (_closesLater)
        {
            _closesLater = false;
            _socket.Dispose();
            _reactor.End();
        }
    }
}
