using System.Net.Sockets;

namespace Asyncio;

internal sealed partial class UringChannel
{
    private IReceiver? _receiver;

    /// <summary>The operation that receives; zero if there is none. It outlives the receiver until its cancellation has taken effect.</summary>
    private int _receiving;

    private KeptBytes? _kept;

    /// <summary>How it ended, when nobody was there to be told.</summary>
    private SocketError? _keptEnd;

    private bool HasKept => _kept is { IsEmpty: false } || _keptEnd is not null;

    internal override void StartReceiving(IReceiver receiver)
    {
        if (_closed)
        {
            return;
        }

        var had = _receiver is not null;
        _receiver = receiver;
        if (had)
        {
            return;
        }

        _reactor.Began();
        if (HasKept)
        {
            _reactor.Later(new Postponed(this));
        }
        else if (_receiving == 0)
        {
            _receiving = _reactor.Begin(OperationKind.Receiving, this);
        }
    }

    internal override void StopReceiving()
    {
        if (_receiver is null)
        {
            return;
        }

        _receiver = null;
        _reactor.Ended();
        if (_receiving != 0)
        {
            _reactor.Cancel(_receiving);
        }
    }

    internal void OnReceiveCompletion(int slot, int result, CompletionFlags flags)
    {
        var goesOn = (flags & CompletionFlags.More) != 0;
        if (!goesOn)
        {
            _receiving = 0;
            _reactor.End(slot);
        }

        if ((flags & CompletionFlags.Buffer) != 0)
        {
            var buffer = (ushort)((uint)flags >> 16);
            if (result > 0)
            {
                OnReceived(_reactor.Buffers.Content(buffer, result));
            }

            _reactor.Buffers.GiveBack(buffer);
        }

        if (goesOn)
        {
            return;
        }

        switch (result)
        {
            case 0:
                OnReceiveEnded(SocketError.Success);
                break;
            case -Errno.ENOBUFS:
                _reactor.Buffers.Grow();
                break;
            case < 0 and not (-Errno.ECANCELED or -Errno.EINTR or -Errno.EAGAIN):
                OnReceiveEnded(UringReactor.ErrorOf(-result));
                break;
        }

        ReceiveOn();
    }

    private bool CanTellReceiver => _receiver is not null && !HasKept && !_reactor.IsLeaving;

    private void OnReceived(ReadOnlySpan<byte> data)
    {
        if (CanTellReceiver)
        {
            _reactor.Told();
            _receiver!.OnReceived(data);
        }
        else if (!_closed)
        {
            (_kept ??= new KeptBytes()).Add(data);
        }
    }

    private void OnReceiveEnded(SocketError error)
    {
        if (CanTellReceiver)
        {
            TellReceiverEnd(error);
        }
        else
        {
            _keptEnd = error;
        }
    }

    private void TellReceiverEnd(SocketError error)
    {
        var receiver = _receiver!;
        _receiver = null;
        _reactor.Ended();
        _reactor.Told();
        receiver.OnReceiveEnded(error);
    }

    /// <summary>The operation has ended. If the receiver has not, another begins; if it has, those that waited for that do.</summary>
    private void ReceiveOn()
    {
        if (_receiving != 0)
        {
            return;
        }

        if (_receiver is null)
        {
            ServeWaiting();
        }
        else if (_reactor.IsLeaving)
        {
            _reactor.Later(new Postponed(this));
        }
        else if (!HasKept)
        {
            _receiving = _reactor.Begin(OperationKind.Receiving, this);
        }
    }

    private void TellKeptBytes()
    {
        while (_receiver is not null && _kept is { IsEmpty: false })
        {
            _reactor.Told();
            _kept.TellFirst(_receiver);
        }

        if (_receiver is null)
        {
            return;
        }

        if (_keptEnd is { } end)
        {
            _keptEnd = null;
            TellReceiverEnd(end);
        }
        else
        {
            ReceiveOn();
        }
    }

    /// <summary>What a request is given of what was kept: bytes, or the end.</summary>
    private int TakeKept(IoRequest request)
    {
        if (_kept is { IsEmpty: false })
        {
            return _kept.CopyTo(request.Buffer.Span, remove: (request.Flags & SocketFlags.Peek) == 0);
        }

        var end = _keptEnd!.Value;
        _keptEnd = null;
        return IoRequest.Failed(end);
    }
}
