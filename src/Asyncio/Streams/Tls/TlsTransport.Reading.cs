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
    private bool _isReading;  // a read of the stream is under way
    private bool _pumpQueued;
    private bool _paused;
    private bool _ended;

    public override bool IsReading => !IsClosing && !_paused;

    public override void PauseReading() => _paused = true;

    public override void ResumeReading()
    {
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

    private void TakeOutcome()
    {
        var count = _read.GetResult();
        if (_buffer is null)
        {
            _buffer = _loop.Buffers.Rent(RecordBytes);
            return;
        }

        if (count == 0)
        {
            End();
            return;
        }

        if (!_closing && !_lost)
        {
            Deliver(_buffer.AsSpan(0, count));
        }

        if (count < RecordBytes)
        {
            GiveBuffer();
        }
    }

    private void GiveBuffer()
    {
        if (_buffer is { } buffer && !_isReading)
        {
            _buffer = null;
            _loop.Buffers.Return(buffer);
        }
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        var call = "DataReceived";
        _loop.EnterCallback(_execution);
        try
        {
            if (_protocol is Protocol protocol)
            {
                protocol.DataReceived(data);
                return;
            }

            var buffered = (BufferedProtocol)_protocol;
            while (!data.IsEmpty)
            {
                call = "GetBuffer";
                var target = buffered.GetBuffer(data.Length).Span;
                if (target.IsEmpty)
                {
                    throw new InvalidOperationException("GetBuffer() returned an empty buffer.");
                }

                var count = Math.Min(target.Length, data.Length);
                data[..count].CopyTo(target);
                data = data[count..];
                call = "BufferUpdated";
                buffered.BufferUpdated(count);
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
