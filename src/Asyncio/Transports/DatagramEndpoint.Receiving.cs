using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// What comes: one datagram an iteration, told from the buffer into which it was received.
internal sealed partial class DatagramEndpoint
{
    private const int LongestDatagram = 64 * 1024;

    private readonly Reception _receiving;
    private byte[]? _buffer;
    private int _received;
    private EndPoint? _lastSender;
    private SocketAddress? _lastAddress;

    void ITransportParts.StartReading()
    {
        if (!IsClosing)
        {
            _buffer = Loop.Buffers.Rent(LongestDatagram);
            Receive();
        }
    }

    void ITransportParts.StopReading()
    {
        if (_receiving.IsUnderWay)
        {
            _life.Channel.Cancel(_receiving);
        }
    }

    private void Receive()
    {
        _receiving.IsUnderWay = true;
        _receiving.Buffer = _buffer;
        _life.Channel.Submit(_receiving);
    }

    private void OnReceived(int result)
    {
        _received = result;
        if (IsClosing)
        {
            Loop.Buffers.Return(_buffer!);
            _buffer = null;
        }
        else
        {
            Loop.Ready.Enqueue(s_deliver, this);
        }
    }

    private void Deliver()
    {
        if (!IsClosing)
        {
            Tell();
        }

        if (!IsClosing)
        {
            Receive();
        }
        else if (_buffer is not null)
        {
            Loop.Buffers.Return(_buffer);
            _buffer = null;
        }
    }

    private void Tell()
    {
        if (IoRequest.Error(_received) is var error && error != SocketError.Success)
        {
            TellError(error);
            return;
        }

        try
        {
            (_life.Protocol as DatagramProtocol)?.DatagramReceived(_buffer.AsSpan(0, _received), SenderOf(_receiving.Address!));
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Loop.ReportTransport("Exception in protocol.DatagramReceived()", e, this, _life.Protocol);
        }
    }

    private void TellError(SocketError error)
    {
        try
        {
            (_life.Protocol as DatagramProtocol)?.ErrorReceived(SocketErrors.Of(error));
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Loop.ReportTransport("Exception in protocol.ErrorReceived()", e, this, _life.Protocol);
        }
    }

    /// <summary>Mostly the same as before: then no objects are made.</summary>
    private EndPoint SenderOf(SocketAddress address)
    {
        if (address.Size == 0)
        {
            return SocketNames.Nameless;
        }

        if (!address.Equals(_lastAddress))
        {
            _lastSender = SocketNames.EndPointOf(address);
            _lastAddress = new SocketAddress(address.Family, address.Size);
            address.Buffer.Span[..address.Size].CopyTo(_lastAddress.Buffer.Span);
        }

        return _lastSender!;
    }

    private sealed class Reception : IoRequest
    {
        private readonly DatagramEndpoint _owner;

        internal Reception(DatagramEndpoint owner)
        {
            _owner = owner;
            Kind = IoKind.ReceiveFrom;
        }

        internal bool IsUnderWay { get; set; }

        internal override void OnCompleted(int result)
        {
            IsUnderWay = false;
            Buffer = default;
            _owner.OnReceived(result);
        }
    }
}
