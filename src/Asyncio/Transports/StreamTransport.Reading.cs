using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// What comes: straight to a sink of ours, else by way of the inbox and the ready queue to a protocol of the user's.
internal abstract partial class StreamTransport
{
    private PooledBytes _inbox;
    private int _told; // so much of it
    private SocketError _endOfInput;
    private bool _inputEnded;
    private bool _endTold;
    private bool _paused;
    private bool _deliveryQueued;

    /// <summary>The protocol, this one or one before it, knows that no more will come.</summary>
    internal bool EndWasTold => _endTold;

    public sealed override bool IsReading => !_life.IsClosing && !_paused;

    public sealed override void PauseReading()
    {
        Loop.CheckThread();
        if (IsReading)
        {
            _paused = true;
            _life.Channel.StopReceiving();
        }
    }

    public sealed override void ResumeReading()
    {
        Loop.CheckThread();
        if (_life.IsClosing || !_paused)
        {
            return;
        }

        _paused = false;
        if (_life.HasBegun)
        {
            StartReading();
        }
    }

    void IReceiver.OnReceived(ReadOnlySpan<byte> data)
    {
        if (_sink is { } sink && _inbox.IsEmpty)
        {
            sink.OnReceived(data);
            return;
        }

        _inbox.Append(Loop.Buffers, data);
        DeliverSoon();
    }

    void IReceiver.OnReceiveEnded(SocketError error)
    {
        _inputEnded = true;
        _endOfInput = error == SocketError.Success && GetWriteBufferSize() > 0 && IsDead ? SocketError.ConnectionReset : error;
        if (_sink is not null && _inbox.IsEmpty)
        {
            TellEnd();
        }
        else
        {
            DeliverSoon();
        }
    }

    /// <summary>
    /// The connection is gone in both directions. With something unsent that was a reset; a send that was in the middle may have taken the
    /// error, which the system tells once, and then receiving gives what looks like an orderly end.
    /// </summary>
    protected virtual bool IsDead => false;

    /// <summary>From here on what comes is told.</summary>
    protected virtual void StartReceiving() => _life.Channel.StartReceiving(this);

    void ITransportParts.StartReading() => StartReading();

    void ITransportParts.StopReading()
    {
        _life.Channel.StopReceiving();
        _inbox.Clear(Loop.Buffers);
        _told = 0;
    }

    private void StartReading()
    {
        if (!IsReading)
        {
            return;
        }

        if (!_inbox.IsEmpty || (_inputEnded && !_endTold))
        {
            DeliverSoon();
        }

        if (!_inputEnded)
        {
            StartReceiving();
        }
    }

    private void DeliverSoon()
    {
        if (!_deliveryQueued)
        {
            _deliveryQueued = true;
            Loop.Ready.Enqueue(s_deliver, this);
        }
    }

    private void Deliver()
    {
        _deliveryQueued = false;
        while (IsReading && !_inbox.IsEmpty)
        {
            // Taken out, because the protocol may close the transport meanwhile, which gives the inbox back.
            var (data, told) = (_inbox, _told);
            (_inbox, _told) = (default, 0);
            while (IsReading && told < data.Length)
            {
                told += HandOver(data.Span[told..]);
            }

            if (told < data.Length && !IsClosing)
            {
                (_inbox, _told) = (data, told); // paused
            }
            else
            {
                data.Clear(Loop.Buffers);
            }
        }

        if (IsReading && _inputEnded && !_endTold)
        {
            TellEnd();
        }
    }

    /// <summary>Gives how much the protocol took: all, unless it has a buffer of its own, which is shorter.</summary>
    private int HandOver(ReadOnlySpan<byte> data)
    {
        var call = "DataReceived";
        try
        {
            switch (_life.Protocol)
            {
                case IStreamSink sink:
                    sink.OnReceived(data);
                    break;
                case Protocol protocol:
                    protocol.DataReceived(data);
                    break;
                case BufferedProtocol protocol:
                    call = "GetBuffer";
                    var buffer = protocol.GetBuffer(data.Length).Span;
                    if (_life.IsClosing)
                    {
                        return 0;
                    }

                    if (buffer.IsEmpty)
                    {
                        throw new InvalidOperationException("GetBuffer() returned an empty buffer.");
                    }

                    var count = Math.Min(buffer.Length, data.Length);
                    data[..count].CopyTo(buffer);
                    call = "BufferUpdated";
                    protocol.BufferUpdated(count);
                    return count;
            }
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Fail($"Fatal error: protocol.{call}() call failed.", e);
        }

        return data.Length;
    }

    private void TellEnd()
    {
        _endTold = true;
        if (_endOfInput != SocketError.Success)
        {
            Fail("Fatal read error on transport", SocketErrors.Of(_endOfInput));
            return;
        }

        var keepOpen = false;
        try
        {
            keepOpen = _life.Protocol switch
            {
                IStreamSink sink => sink.OnEof(),
                Protocol protocol => protocol.EofReceived(),
                BufferedProtocol protocol => protocol.EofReceived(),
                _ => false,
            };
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Fail("Fatal error: protocol.EofReceived() call failed.", e);
            return;
        }

        if (!keepOpen || !StaysOpenAtEof)
        {
            Close();
        }
    }

    /// <summary>Whether a protocol may keep it open after the end of the input.</summary>
    protected virtual bool StaysOpenAtEof => true;
}
