using System.Net.Sockets;

namespace Asyncio.IO.Tests.Faults;

// What comes without requests: cut into pieces, held back, and kept for whoever asks next when the one who was to be told has stopped.
internal sealed partial class FaultChannel : IReceiver, IAcceptor
{
    private readonly List<byte[]> _kept = [];
    private readonly Queue<Socket> _connections = new();
    private SocketError? _keptEnd;
    private IReceiver? _receiver;
    private IAcceptor? _acceptor;
    private bool _receives; // the one beneath
    private bool _accepts;
    private bool _tellsReceiver; // it is on its way
    private bool _tellsAcceptor;

    private bool HasKept => _kept.Count > 0 || _keptEnd is not null;

    internal override void StartReceiving(IReceiver receiver)
    {
        if (_closed)
        {
            return;
        }

        var had = _receiver is not null;
        _receiver = receiver;
        if (!had)
        {
            ReceiveOn();
        }
    }

    internal override void StopReceiving()
    {
        _receiver = null;
        StopInner();
    }

    internal override void StartAccepting(IAcceptor acceptor)
    {
        if (_closed)
        {
            return;
        }

        var had = _acceptor is not null;
        _acceptor = acceptor;
        if (!had)
        {
            AcceptOn();
        }
    }

    internal override void StopAccepting()
    {
        _acceptor = null;
        if (_accepts)
        {
            _accepts = false;
            inner.StopAccepting();
        }
    }

    void IReceiver.OnReceived(ReadOnlySpan<byte> data)
    {
        var plan = reactor.Plan;
        if (plan.Next(IoKind.Receive) is var error and not SocketError.Success)
        {
            End(error);
        }
        else if (plan.IsQuiet)
        {
            _receiver!.OnReceived(data);
        }
        else
        {
            Keep(data);
            StopInner(); // what comes meanwhile waits where it is
            TellReceiverLater();
        }
    }

    void IReceiver.OnReceiveEnded(SocketError error)
    {
        _receives = false;
        var injected = reactor.Plan.Next(IoKind.Receive);
        if (reactor.Plan.IsQuiet && injected == SocketError.Success)
        {
            TellEnd(error);
        }
        else
        {
            End(injected == SocketError.Success ? error : injected);
        }
    }

    void IAcceptor.OnAccepted(Socket socket)
    {
        var plan = reactor.Plan;
        if (plan.Next(IoKind.Accept) is var error and not SocketError.Success)
        {
            // The connection is still there when accepting begins again.
            _connections.Enqueue(socket);
            var acceptor = _acceptor!;
            StopAccepting();
            acceptor.OnAcceptFailed(error);
        }
        else if (_connections.Count == 0 && plan.Delay() == 0)
        {
            _acceptor!.OnAccepted(socket);
        }
        else
        {
            _connections.Enqueue(socket);
            TellAcceptorLater();
        }
    }

    void IAcceptor.OnAcceptFailed(SocketError error)
    {
        _accepts = false;
        var acceptor = _acceptor!;
        _acceptor = null;
        acceptor.OnAcceptFailed(error);
    }

    private void End(SocketError error)
    {
        StopInner();
        if (error != SocketError.Success)
        {
            Break(error);
        }

        _keptEnd = error;
        TellReceiverLater();
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var count = reactor.Plan.Part(data.Length);
            _kept.Add(data[..count].ToArray());
            data = data[count..];
        }
    }

    private void StopInner()
    {
        if (_receives)
        {
            _receives = false;
            inner.StopReceiving();
        }
    }

    private void ReceiveOn()
    {
        if (HasKept)
        {
            TellReceiverLater();
        }
        else if (!_receives)
        {
            _receives = true;
            Inner.StartReceiving(this);
        }
    }

    private void AcceptOn()
    {
        if (_connections.Count > 0)
        {
            TellAcceptorLater();
        }

        if (!_accepts)
        {
            _accepts = true;
            Inner.StartAccepting(this);
        }
    }

    private void TellReceiverLater()
    {
        if (!_tellsReceiver)
        {
            _tellsReceiver = true;
            reactor.Later(TellReceiver, reactor.Plan.Delay());
        }
    }

    private void TellAcceptorLater()
    {
        if (!_tellsAcceptor)
        {
            _tellsAcceptor = true;
            reactor.Later(TellAcceptor, reactor.Plan.Delay());
        }
    }

    private void TellReceiver()
    {
        _tellsReceiver = false;
        if (_receiver is not { } receiver)
        {
            return;
        }

        if (_kept is [var piece, ..])
        {
            _kept.RemoveAt(0);
            receiver.OnReceived(piece);
            Array.Clear(piece); // it was to be copied
            if (_receiver is not null)
            {
                ReceiveOn();
            }
        }
        else if (_keptEnd is { } end)
        {
            _keptEnd = null;
            TellEnd(end);
        }
    }

    private void TellEnd(SocketError error)
    {
        var receiver = _receiver!;
        _receiver = null;
        receiver.OnReceiveEnded(error);
    }

    private void TellAcceptor()
    {
        _tellsAcceptor = false;
        if (_acceptor is not null && _connections.TryDequeue(out var connection))
        {
            _acceptor.OnAccepted(connection);
            if (_acceptor is not null && _connections.Count > 0)
            {
                TellAcceptorLater();
            }
        }
    }

    /// <summary>What is here already is not to be asked for beneath.</summary>
    private bool TryServeFromKept(FaultRequest request)
    {
        switch (request.Outer.Kind)
        {
            case IoKind.Receive when _kept is [var piece, ..]:
                _kept[0] = piece[request.TakeKept(piece)..];
                if (_kept[0].Length == 0)
                {
                    _kept.RemoveAt(0);
                }

                return true;
            case IoKind.Receive when _keptEnd is { } end:
                _keptEnd = null;
                request.End(end == SocketError.Success ? 0 : IoRequest.Failed(end));
                return true;
            case IoKind.Accept when _connections.TryDequeue(out var connection):
                request.Outer.Accepted = connection;
                request.End(0);
                return true;
            case IoKind.WaitReadable when HasKept || _connections.Count > 0:
                request.End(0);
                return true;
            default:
                return false;
        }
    }
}
