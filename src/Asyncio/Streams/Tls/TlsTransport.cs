using System.Net.Security;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A transport whose bytes are encrypted by <see cref="SslStream"/> and sent by the transport below.</summary>
/// <remarks>Encrypting never waits, see <see cref="TlsWire"/>; so writing is a plain call, as on any transport.</remarks>
internal sealed partial class TlsTransport : Transport, ICallbackTarget
{
    private static readonly TransportCallback<TlsTransport> s_begin = new(static transport => transport.Begin());
    private static readonly TransportCallback<TlsTransport> s_end = new(static transport => transport.EndLost());

    private readonly EventLoop _loop;
    private readonly Transport _raw;
    private readonly SslStream _stream;
    private readonly TlsSettings _settings;
    private readonly ExecutionContext? _execution = ThreadContext.Inherit(); // the context of the protocol's callbacks
    private BaseProtocol _protocol;
    private Exception? _error;
    private TimerHandle? _shutdownLimit;
    private Future<Unit>? _begun;
    private bool _isKnown; // to the protocol
    private bool _closing;
    private bool _isLosing; // the transport below has ended; what it had received is still to be told
    private bool _lost;
    private bool _isWriting;
    private bool _owesPause;
    private bool _isFull; // the transport below has more to send than it wants
    private int _lostWrites;

    /// <param name="isKnown">The protocol was told of the connection before it was secured.</param>
    internal TlsTransport(EventLoop loop, Transport raw, SslStream stream, TlsSettings settings, BaseProtocol protocol, bool isKnown)
    {
        _loop = loop;
        _raw = raw;
        _stream = stream;
        _settings = settings;
        _protocol = protocol;
        _isKnown = isKnown;
        _resume = Pump;
        _pumping = new Pumping(this);
    }

    EventLoop ICallbackTarget.Loop => _loop;

    ExecutionContext? ICallbackTarget.Execution => _execution;

    public override bool IsClosing => _closing || _raw.IsClosing;

    public override bool CanWriteEof => false;

    public override BaseProtocol GetProtocol() => _protocol;

    public override void SetProtocol(BaseProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        _loop.CheckThread();
        _protocol = protocol;
    }

    /// <summary>The handshake is done: tells the protocol in the next turn, and receives from then on.</summary>
    /// <param name="begun">Has its result then; or the error, if the connection is lost before.</param>
    internal void BeginSoon(Future<Unit>? begun)
    {
        _begun = begun;
        _loop.Ready.Enqueue(s_begin, this);
    }

    private void Begin()
    {
        if (_lost)
        {
            _begun?.TrySetException(_error ?? ConnectionErrors.Lost());
            return;
        }

        _isKnown = true;
        try
        {
            _protocol.ConnectionMade(this);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            _loop.ReportTransport("Exception in protocol.ConnectionMade()", e, this, _protocol);
        }

        PumpSoon();
        _begun?.TrySetResult(default);
    }

    public override void Write(ReadOnlySpan<byte> data)
    {
        _loop.CheckThread();
        CheckNoFile(nameof(Write));
        if (data.IsEmpty)
        {
            return;
        }

        if (IsClosing)
        {
            _loop.WarnOfLostWrite(++_lostWrites);
            EndLostSoon(); // who writes to a lost connection is not to wait for who does not read from it
            return;
        }

        Encrypt(data);
    }

    private void Encrypt(ReadOnlySpan<byte> data)
    {
        _isWriting = true;
        try
        {
            _stream.Write(data);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            Fail("Fatal error on SSL transport", e);
        }
        finally
        {
            _isWriting = false;
        }

        if (_owesPause)
        {
            TellPause();
        }
    }

    /// <summary>The transport below has too much to send. Inside a write the protocol is told after it: it may write and close.</summary>
    internal void PauseProtocol()
    {
        _isFull = true;
        if (_sendsFile)
        {
            return; // told at the end of the file, if it is still so
        }

        if (_isWriting)
        {
            _owesPause = true;
        }
        else
        {
            _protocol.PauseWriting();
        }
    }

    /// <summary>The transport below has room again. In a poll, if the protocol is one of ours.</summary>
    internal void ResumeProtocol()
    {
        _isFull = false;
        _room?.TrySetResult(default);
        if (!_sendsFile)
        {
            _protocol.ResumeWriting();
        }
    }

    private void TellPause()
    {
        _owesPause = false;
        try
        {
            _protocol.PauseWriting();
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            _loop.ReportTransport("protocol.PauseWriting() failed", e, this, _protocol);
        }
    }

    public override void WriteEof() => throw new NotSupportedException("TLS cannot close one direction only.");

    public override int GetWriteBufferSize() => _raw.GetWriteBufferSize();

    public override void SetWriteBufferLimits(int? high = null, int? low = null) => _raw.SetWriteBufferLimits(high, low);

    public override (int Low, int High) GetWriteBufferLimits() => _raw.GetWriteBufferLimits();

    public override object? GetExtraInfo(string name) => name switch
    {
        "sslobject" => _stream,
        "sslcontext" => _settings.Options,
        "peercert" => _stream.RemoteCertificate,
        "cipher" => _stream.NegotiatedCipherSuite,
        "alpn" => _stream.NegotiatedApplicationProtocol is { Protocol.IsEmpty: false } chosen ? chosen.ToString() : null,
        _ => _raw.GetExtraInfo(name),
    };

    /// <summary>Says goodbye (<c>close_notify</c>) and waits for the peer to say so too; what it still sends before is dropped.</summary>
    public override void Close()
    {
        _loop.CheckThread();
        if (_closing)
        {
            return;
        }

        _closing = true;
        if (!_sendsFile)
        {
            SayGoodbyeIfOpen();
        }

        EndLostSoon();
    }

    public override void Abort()
    {
        _loop.CheckThread();
        _closing = true;
        _raw.Abort();
        EndLostSoon();
    }

    public override string ToString() => $"<TlsTransport {(_lost ? "closed" : IsClosing ? "closing" : "open")} over {_raw}>";

    private void SayGoodbyeIfOpen()
    {
        if (_raw.IsClosing)
        {
            return;
        }

        try
        {
            var goodbye = _stream.ShutdownAsync(); // completed already: nothing below ever waits for room
            if (goodbye.IsFaulted)
            {
                goodbye.GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            _raw.Close();
            return;
        }

        if (_ended)
        {
            _raw.Close(); // the peer has said so before
            return;
        }

        _shutdownLimit = _loop.CallLater(_settings.ShutdownTimeout, () =>
        {
            _error = new TimeoutException("SSL shutdown timed out");
            _raw.Abort();
        });
        PumpSoon();
    }

    private void Fail(string message, Exception error)
    {
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
            _raw.Close(); // the peer went without a goodbye: what was written before ours may still reach it
            return;
        }

        _closing = true;
        _error = error;
        _loop.ReportFatal(message, error, this, _protocol);
        _raw.Abort();
    }
}
