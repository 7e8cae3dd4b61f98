using System.Net.Sockets;

namespace Asyncio;

internal sealed partial class UringChannel
{
    private IAcceptor? _acceptor;

    /// <summary>The operation that accepts; zero if there is none. It outlives the acceptor until its cancellation has taken effect.</summary>
    private int _accepting;

    private Queue<Socket>? _connections;

    internal override void StartAccepting(IAcceptor acceptor)
    {
        if (_closed)
        {
            return;
        }

        var had = _acceptor is not null;
        _acceptor = acceptor;
        if (had)
        {
            return;
        }

        _reactor.Began();
        if (_connections is { Count: > 0 })
        {
            _reactor.Later(new Postponed(this));
        }
        else if (_accepting == 0)
        {
            _accepting = _reactor.Begin(OperationKind.Accepting, this);
        }
    }

    internal override void StopAccepting()
    {
        if (_acceptor is null)
        {
            return;
        }

        _acceptor = null;
        _reactor.Ended();
        if (_accepting != 0)
        {
            _reactor.Cancel(_accepting);
        }
    }

    internal void OnAcceptCompletion(int slot, int result, CompletionFlags flags)
    {
        var goesOn = (flags & CompletionFlags.More) != 0;
        if (!goesOn)
        {
            _accepting = 0;
        }

        if (result >= 0)
        {
            OnAccepted(Adopt(result));
        }

        if (goesOn)
        {
            return;
        }

        _reactor.End(slot);
        if (result < 0 && _acceptor is not null && !IsPassing(-result))
        {
            TellAcceptorFailed(UringReactor.ErrorOf(-result));
        }

        AcceptOn();
    }

    /// <summary>A socket for a descriptor that the kernel has handed over.</summary>
    internal static Socket Adopt(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));

    // The operation was taken back, or the peer was gone before it was accepted: that is no failure of the listener.
    private static bool IsPassing(int errno) => errno is Errno.ECANCELED or Errno.EAGAIN || Errno.ConcernsOneConnection(errno);

    private void OnAccepted(Socket socket)
    {
        if (_acceptor is not null && _connections is not { Count: > 0 } && !_reactor.IsLeaving)
        {
            _reactor.Told();
            _acceptor.OnAccepted(socket);
        }
        else if (_closed)
        {
            socket.Dispose();
        }
        else
        {
            (_connections ??= new Queue<Socket>()).Enqueue(socket);
        }
    }

    private void TellAcceptorFailed(SocketError error)
    {
        var acceptor = _acceptor!;
        _acceptor = null;
        _reactor.Ended();
        _reactor.Told();
        acceptor.OnAcceptFailed(error);
    }

    private void AcceptOn()
    {
        if (_accepting != 0)
        {
            return;
        }

        if (_acceptor is null)
        {
            ServeWaiting();
        }
        else if (_reactor.IsLeaving)
        {
            _reactor.Later(new Postponed(this));
        }
        else if (_connections is not { Count: > 0 })
        {
            _accepting = _reactor.Begin(OperationKind.Accepting, this);
        }
    }

    private void TellKeptConnections()
    {
        while (_acceptor is not null && _connections is { Count: > 0 })
        {
            _reactor.Told();
            _acceptor.OnAccepted(_connections.Dequeue());
        }

        if (_acceptor is not null)
        {
            AcceptOn();
        }
    }

    private void CloseKeptConnections()
    {
        while (_connections is not null && _connections.TryDequeue(out var socket))
        {
            socket.Dispose();
        }
    }
}
