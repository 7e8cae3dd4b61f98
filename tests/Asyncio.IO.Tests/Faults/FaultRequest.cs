using System.Net;
using System.Net.Sockets;

namespace Asyncio.IO.Tests.Faults;

/// <summary>
/// A request on its way to the reactor beneath and back, with a buffer of its own: so it is seen if somebody uses the other one before
/// the request has ended.
/// </summary>
internal sealed class FaultRequest : IoRequest
{
    private readonly FaultReactor _reactor;
    private readonly FaultChannel _channel;
    private readonly byte[] _data;
    private State _state;
    private int _sent;
    private SocketError _error;
    private bool _cancelled;

    internal FaultRequest(FaultReactor reactor, FaultChannel channel, IoRequest outer)
    {
        _reactor = reactor;
        _channel = channel;
        Outer = outer;
        Kind = outer.Kind;
        Flags = outer.Flags;
        Address = Kind == IoKind.ReceiveFrom ? null : outer.Address;
        _data = Kind is IoKind.Send or IoKind.SendTo ? outer.Buffer.ToArray() : new byte[outer.Buffer.Length];
    }

    private enum State
    {
        Waiting, // it was not handed over yet
        UnderWay,
        Ended, // its outcome is known and not told
    }

    /// <summary>Whose outcome it is.</summary>
    internal IoRequest Outer { get; }

    internal void Begin()
    {
        if (_reactor.Plan.Lateness() is > 0 and var polls)
        {
            _reactor.Later(HandOver, polls);
        }
        else
        {
            HandOver();
        }
    }

    /// <summary>It fails; one that sends, maybe after a part.</summary>
    internal void Fail(SocketError error)
    {
        if (Kind == IoKind.Send && _data.Length > 1 && _reactor.Plan.FailsInTheMiddle)
        {
            _error = error;
            HandOver();
            return;
        }

        _channel.Break(error);
        End(Failed(error));
    }

    internal void Cancel()
    {
        _cancelled = true;
        switch (_state)
        {
            case State.Waiting:
                End(Outcome(Failed(SocketError.OperationAborted)));
                break;
            case State.UnderWay:
                _channel.Inner.Cancel(this);
                break;
        }
    }

    /// <summary>Takes what a receiver has left.</summary>
    internal int TakeKept(byte[] piece)
    {
        var count = Math.Min(piece.Length, _data.Length);
        piece.AsSpan(0, count).CopyTo(_data);
        End(count);
        return count;
    }

    /// <summary>Told in a later poll.</summary>
    internal void End(int result)
    {
        _state = State.Ended;
        _reactor.Later(() => Tell(result), _reactor.Plan.Delay());
    }

    internal override void OnCompleted(int result)
    {
        _state = State.Ended;
        Buffer = default;
        if (Kind == IoKind.Send)
        {
            _sent += Math.Max(result, 0);
            if (_error != SocketError.Success)
            {
                _channel.Owe(_error);
                _error = SocketError.Success;
            }
            else if (result >= 0 && _sent < _data.Length && !_cancelled)
            {
                _state = State.Waiting;
                _reactor.Later(HandOver, _reactor.Plan.Lateness());
                return;
            }

            result = Outcome(result);
        }

        if (_reactor.Plan.Delay() is > 0 and var polls)
        {
            _reactor.Later(() => Tell(result), polls);
        }
        else
        {
            Tell(result);
        }
    }

    private void HandOver()
    {
        if (_state != State.Waiting)
        {
            return; // it was cancelled meanwhile
        }

        _state = State.UnderWay;
        Buffer = Kind switch
        {
            IoKind.Receive => _data.AsMemory(0, _reactor.Plan.Part(_data.Length)),
            IoKind.Send => _data.AsMemory(_sent, NextPiece()),
            _ => _data,
        };
        _channel.Inner.Submit(this);
    }

    private int NextPiece()
    {
        var left = _data.Length - _sent;
        return _error == SocketError.Success ? _reactor.Plan.Part(left) : left / 2;
    }

    private int Outcome(int result) => Kind == IoKind.Send && _sent > 0 ? _sent : result;

    private void Tell(int result)
    {
        _channel.Ended(Outer);
        CheckBuffer();
        if (result >= 0)
        {
            GiveBack(result);
        }

        Outer.OnCompleted(result);
    }

    private void CheckBuffer()
    {
        if (Kind is IoKind.Send or IoKind.SendTo && !Outer.Buffer.Span.SequenceEqual(_data))
        {
            _reactor.Plan.Violations.Add($"What was to be sent by a {Kind} was changed while the reactor had it.");
        }
        else if (Outer.Buffer.Length != _data.Length)
        {
            _reactor.Plan.Violations.Add($"The buffer of a {Kind} was exchanged while the reactor had it.");
        }
    }

    private void GiveBack(int result)
    {
        switch (Kind)
        {
            case IoKind.Receive:
                _data.AsSpan(0, result).CopyTo(Outer.Buffer.Span);
                break;
            case IoKind.ReceiveFrom:
                _data.AsSpan(0, result).CopyTo(Outer.Buffer.Span);
                var address = Address!;
                var known = Outer.Address ??= new SocketAddress(address.Family, SocketAddress.GetMaximumAddressSize(address.Family));
                address.Buffer.Span[..address.Size].CopyTo(known.Buffer.Span);
                known.Size = address.Size;
                break;
            case IoKind.Accept:
                Outer.Accepted ??= Accepted;
                break;
        }
    }
}
