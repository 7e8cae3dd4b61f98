using System.Net.Security;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The protocol below TLS: takes in what is encrypted, makes the handshake, and stands between the raw transport and the one above.</summary>
internal sealed class TlsProtocol : Protocol, IStreamSink
{
    /// <summary>The raw transport is paused at twice this: some records, whatever their size.</summary>
    private const int Limit = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly TlsSettings _settings;
    private readonly BaseProtocol _application;
    private readonly bool _isAccepted;
    private readonly AsyncStreamReader _received;
    private Transport? _raw;
    private TlsTransport? _secured;
    private bool _isUpgrade;
    private Exception? _lostBy;

    /// <param name="application">The protocol above.</param>
    /// <param name="isAccepted">True: the handshake begins by itself, as a task; nobody waits for it.</param>
    internal TlsProtocol(EventLoop loop, TlsSettings settings, BaseProtocol application, bool isAccepted)
    {
        _loop = loop;
        _settings = settings;
        _application = application;
        _isAccepted = isAccepted;
        _received = new AsyncStreamReader(Limit, loop);
    }

    /// <summary>The protocol of the user's.</summary>
    internal BaseProtocol Application => _secured?.GetProtocol() ?? _application;

    public override void ConnectionMade(BaseTransport transport)
    {
        _raw = (Transport)transport;
        _received.SetTransport(_raw);
        if (_isAccepted)
        {
            _loop.CreateTask(AcceptAsync(), name: "TLS handshake");
        }
    }

    public override void ConnectionLost(Exception? error)
    {
        if (_secured is not null)
        {
            _received.FeedEof(); // behind what came: that is still decrypted
            _secured.OnLost(error);
        }
        else
        {
            if (error is null)
            {
                _received.FeedEof();
            }
            else
            {
                _received.SetException(error);
            }

            _lostBy = error ?? ConnectionErrors.Lost();
            if (_isUpgrade)
            {
                _application.ConnectionLost(error); // it knows of the connection from before
            }
        }
    }

    public override void DataReceived(ReadOnlySpan<byte> data) => _received.FeedData(data);

    public override bool EofReceived()
    {
        _received.FeedEof();
        return true; // what is above decides, when it has read what came before
    }

    public override void PauseWriting()
    {
        if (_secured is null)
        {
            _application.PauseWriting();
        }
        else
        {
            _secured.PauseProtocol();
        }
    }

    public override void ResumeWriting()
    {
        if (_secured is null)
        {
            _application.ResumeWriting();
        }
        else
        {
            _secured.ResumeProtocol();
        }
    }

    void IStreamSink.OnReceived(ReadOnlySpan<byte> data) => _received.FeedData(data);

    bool IStreamSink.OnEof() => EofReceived();

    bool IStreamSink.ResumesInPoll => Application is IStreamSink { ResumesInPoll: true };

    /// <summary>Secures a connection that is open.</summary>
    /// <param name="raw">What it was open on.</param>
    /// <param name="early">What was received already and belongs to the handshake.</param>
    internal void TakeOver(Transport raw, ReadOnlySpan<byte> early)
    {
        _isUpgrade = true;
        raw.PauseReading();
        raw.SetProtocol(this);
        _received.FeedData(early); // before the reader knows whom to pause: that is paused as it is
        ConnectionMade(raw);
        if (raw is StreamTransport { EndWasTold: true })
        {
            _received.FeedEof(); // it is not told again
        }

        raw.ResumeReading();
    }

    /// <summary>What secures the transport: who closes that says goodbye to the peer. The transport itself, if nothing does (yet).</summary>
    internal static BaseTransport TopOf(BaseTransport transport)
    {
        while (transport.GetProtocol() is TlsProtocol { _secured: { } secured })
        {
            transport = secured;
        }

        return transport;
    }

    /// <summary>Makes the handshake. Whatever goes wrong, the raw transport is aborted.</summary>
    internal async Coroutine<TlsTransport> HandshakeAsync()
    {
        var raw = _raw!;
        var stream = new SslStream(new TlsWire(_received, raw), leaveInnerStreamOpen: true);
        try
        {
            await Aio.Timeout(_settings.HandshakeTimeout, async () => await _settings.AuthenticateAsync(stream, Aio.CancellationToken));
            if (_lostBy is not null)
            {
                throw _lostBy; // between its last step and this turn: there was nobody above yet who could be told
            }
        }
        catch (Exception e)
        {
            raw.Abort();
            stream.Dispose();
            if (e is TimeoutException)
            {
                throw new SocketException(
                    (int)SocketError.ConnectionAborted,
                    $"SSL handshake is taking longer than {_settings.HandshakeTimeout.TotalSeconds} seconds: aborting the connection");
            }

            throw;
        }

        return _secured = new TlsTransport(_loop, raw, stream, _settings, _application, isKnown: _isUpgrade);
    }

    private async Coroutine AcceptAsync()
    {
        TlsTransport secured;
        try
        {
            secured = await HandshakeAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // As asyncio: whoever scans a port would fill the log.
            if (_loop.Debug)
            {
                _loop.ReportTransport("Error on transport creation for incoming connection", e, _raw!, _application);
            }

            return;
        }

        secured.BeginSoon(begun: null);
    }
}
