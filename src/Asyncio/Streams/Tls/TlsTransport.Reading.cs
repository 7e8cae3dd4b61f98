using Asyncio.LowLevel;

namespace Asyncio;

// What comes: decrypted on the loop's thread, without a task of its own.
internal sealed partial class TlsTransport
{
    /// <summary>The most that a TLS record holds.</summary>
    private const int RecordBytes = 16 * 1024;

    private readonly Action _resume;
    private readonly Pumping _pumping;
    private System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read;
    private byte[]? _buffer;  // only while something is there: an idle connection waits with an empty one
    private Memory<byte> _arrived; // the part of it that is still to be delivered
    private bool _isFullRecord;    // then most likely more is there
    private bool _isReading;  // a read of the stream is under way
    private bool _pumpQueued;
    private bool _paused;
    private bool _atEnd;      // the end has come; the protocol is told when it reads
    private bool _ended;

    public override bool IsReading => !IsClosing && !_paused;

    public override void PauseReading()
    {
        _loop.CheckThread();
        _paused = true;
    }

    public override void ResumeReading()
    {
        _loop.CheckThread();
        if (_paused)
        {
            _paused = false;
            PumpSoon();
        }
    }

    /// <summary>Receives from the next turn on.</summary>
    internal void PumpSoon()
    {
        if (!_pumpQueued && !_isReading && !_ended)
        {
            _pumpQueued = true;
            _loop.EnqueueChecked(_pumping, null);
        }
    }

    // First a read that only waits, then one that reads. It comes back here when a read ends, on the loop's thread: see StreamRead.
    private void Pump()
    {
        try
        {
            if (_isReading)
            {
                _isReading = false;
                TakeOutcome();
            }

            while (!_ended && !_lost && (!_paused || _closing))
            {
                if (!_arrived.IsEmpty)
                {
                    Deliver();
                    continue;
                }

                if (_atEnd)
                {
                    End();
                    break;
                }

                _read = _stream.ReadAsync(_buffer).ConfigureAwait(false).GetAwaiter();
                if (!_read.IsCompleted)
                {
                    _isReading = true;
                    _read.UnsafeOnCompleted(_resume);
                    return;
                }

                TakeOutcome();
            }
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            _ended = true;
            Fail("Fatal error on SSL transport", e);
        }

        GiveBuffer();
    }

    // It only takes note: the protocol may have paused while the read was under way.
    private void TakeOutcome()
    {
        var count = _read.GetResult();
        if (_buffer is null)
        {
            _buffer = _loop.Buffers.Rent(RecordBytes);
            return;
        }

        _atEnd = count == 0;
        _isFullRecord = count == RecordBytes;
        _arrived = _buffer.AsMemory(0, count);
    }

    private void DropArrived()
    {
        _arrived = default;
        GiveBuffer();
    }

    private void GiveBuffer()
    {
        if (_buffer is { } buffer && !_isReading && _arrived.IsEmpty)
        {
            _buffer = null;
            _loop.Buffers.Return(buffer);
        }
    }

    private void Deliver()
    {
        if (_closing) // by this side: what the peer has sent before it ended the connection is told
        {
            _arrived = default;
        }
        else
        {
            HandOver();
        }

        if (!_isFullRecord)
        {
            GiveBuffer();
        }
    }

    private void HandOver()
    {
        var call = "DataReceived";
        var data = _arrived;
        _loop.EnterCallback(_execution);
        try
        {
            switch (_protocol)
            {
                case BufferedProtocol protocol:
                    call = "GetBuffer";
                    var target = protocol.GetBuffer(data.Length);
                    if (_closing)
                    {
                        return;
                    }

                    if (target.IsEmpty)
                    {
                        throw new InvalidOperationException("GetBuffer() returned an empty buffer.");
                    }

                    var count = Math.Min(target.Length, data.Length);
                    data[..count].CopyTo(target);
                    _arrived = data[count..]; // what has no room is the next to be delivered
                    call = "BufferUpdated";
                    protocol.BufferUpdated(count);
                    break;
                default:
                    _arrived = default;
                    (_protocol as Protocol)?.DataReceived(data.Span);
                    break;
            }
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Fail($"Fatal error: protocol.{call}() call failed.", e);
        }
        finally
        {
            _loop.EnterForeign(); // back to SslStream's own code
        }
    }

    /// <summary>The peer has said goodbye, or is gone: TLS closes both directions at once, whatever the protocol would like.</summary>
    private void End()
    {
        _ended = true;
        if (_lost)
        {
            return;
        }

        if (_isLosing)
        {
            EndLost();
            return;
        }

        if (_closing)
        {
            _raw.Close();
            return;
        }

        _loop.EnterCallback(_execution);
        try
        {
            _ = _protocol switch
            {
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
        finally
        {
            _loop.EnterForeign();
        }

        Close();
    }

    private sealed class Pumping(TlsTransport transport) : Runnable
    {
        internal override void Run(object? argument)
        {
            transport._pumpQueued = false;
            if (!transport._isReading)
            {
                transport._loop.EnterForeign();
                transport.Pump();
            }
        }
    }
}
