using System.Net.Sockets;

namespace Asyncio;

// What goes on without requests: receiving and accepting. Both have turns, which are taken in a poll only.
internal abstract partial class ReadinessChannel
{
    /// <summary>The most connections that one channel accepts before the others have their turn.</summary>
    private const int AcceptsPerTurn = 16;

    private IReceiver? _receiver;
    private IAcceptor? _acceptor;
    private bool _hasTurn;

    internal sealed override void StartReceiving(IReceiver receiver)
    {
        if (_closed)
        {
            return;
        }

        if (_receiver is null)
        {
            _reactor.Begin();
            GiveTurn();
        }

        _receiver = receiver;
    }

    internal sealed override void StopReceiving()
    {
        if (_receiver is not null)
        {
            _receiver = null;
            _reactor.End();
        }
    }

    internal sealed override void StartAccepting(IAcceptor acceptor)
    {
        if (_closed)
        {
            return;
        }

        if (_acceptor is null)
        {
            _reactor.Begin();
            GiveTurn();
        }

        _acceptor = acceptor;
    }

    internal sealed override void StopAccepting()
    {
        if (_acceptor is not null)
        {
            _acceptor = null;
            _reactor.End();
            TellIfNobodyAccepts();
        }
    }

    /// <summary>In a poll.</summary>
    internal void TakeTurn()
    {
        _hasTurn = false;
        if (_receiver is not null)
        {
            ReceiveOnce(_receiver);
        }
        else if (_acceptor is not null)
        {
            AcceptSome();
        }
    }

    /// <summary>The number of bytes, zero at the end of the stream, an <see cref="IoRequest.Failed"/> error, or <see cref="WouldBlock"/>.</summary>
    protected abstract int Receive(Span<byte> buffer);

    /// <summary>Zero and a connection, an error, or <see cref="WouldBlock"/>.</summary>
    protected abstract int Accept(out Socket? connection);

    private void ReceiveOnce(IReceiver receiver)
    {
        var buffer = _reactor.Scratch;
        var result = MayRead ? Receive(buffer) : WouldBlock;
        if (result == WouldBlock)
        {
            result = WatchForStream();
        }
        else if (result > 0)
        {
            // If more may be there: after the others, unless whoever is told now stops it. Also an error of watching is told then.
            if (MayRead || Watch(writing: false) != SocketError.Success)
            {
                GiveTurn();
            }

            receiver.OnReceived(buffer[..result]);
            return;
        }

        if (result != WouldBlock)
        {
            StopReceiving();
            receiver.OnReceiveEnded(IoRequest.Error(result));
        }
    }

    private void AcceptSome()
    {
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            if (_acceptor is not { } acceptor)
            {
                return;
            }

            var result = Accept(out var connection);
            if (connection is not null)
            {
                acceptor.OnAccepted(connection);
                continue;
            }

            if (result == WouldBlock)
            {
                result = WatchForStream();
            }

            if (result != WouldBlock)
            {
                StopAccepting();
                acceptor.OnAcceptFailed(IoRequest.Error(result));
            }

            return;
        }

        GiveTurn();
    }

    private int WatchForStream()
    {
        MayRead = false;
        var error = Watch(writing: false);
        return error == SocketError.Success ? WouldBlock : IoRequest.Failed(error);
    }

    private void ContinueStreams()
    {
        if (_receiver is not null || _acceptor is not null)
        {
            GiveTurn();
        }
    }

    private void GiveTurn()
    {
        if (!_hasTurn)
        {
            _hasTurn = true;
            _reactor.GiveTurn(this);
        }
    }

    private void TellIfNobodyAccepts()
    {
        if (!_closed && !IsAccepting)
        {
            OnNobodyAccepts();
        }
    }

    private void EndStreams()
    {
        StopReceiving();
        StopAccepting();
    }
}
