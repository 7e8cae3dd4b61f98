namespace Asyncio.LowLevel;

/// <summary>Feeds a reader with what a transport receives, and holds up its writers. The counterpart of <c>asyncio.StreamReaderProtocol</c>.</summary>
public sealed class StreamReaderProtocol : Protocol, IStreamSink
{
    private readonly AsyncStreamReader _reader;
    private readonly ClientHandler? _clientConnected;
    private readonly ConnectionEvent _writable;
    private readonly ConnectionEvent _closed;
    private Exception? _lostBy;
    private bool _isLost;
    private bool _closesAtEof;

    /// <summary>For a connection that this side has opened, or a pipe.</summary>
    /// <param name="reader">What is fed.</param>
    public StreamReaderProtocol(AsyncStreamReader reader)
        : this(reader, null)
    {
    }

    internal StreamReaderProtocol(AsyncStreamReader reader, ClientHandler? clientConnected)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        _clientConnected = clientConnected;
        _writable = new ConnectionEvent(reader.Loop, "AsyncStreamWriter.DrainAsync");
        _closed = new ConnectionEvent(reader.Loop, "AsyncStreamWriter.WaitClosedAsync") { IsPending = true };
    }

    internal AsyncStreamReader Reader => _reader;

    internal bool IsLost => _isLost;

    internal Exception? LostBy => _lostBy;

    /// <summary>Nothing keeps a writer from writing on.</summary>
    internal bool MayWrite => !_isLost && !_writable.IsPending;

    /// <inheritdoc/>
    public override void ConnectionMade(BaseTransport transport)
    {
        var stream = (Transport)transport;
        _reader.SetTransport(stream);
        _closesAtEof = EndsWithReading(stream);
        _clientConnected?.Invoke(_reader, new AsyncStreamWriter(stream, this, _reader), stream);
    }

    /// <inheritdoc/>
    public override void ConnectionLost(Exception? error)
    {
        _isLost = true;
        _lostBy = error;
        if (error is null)
        {
            _reader.FeedEof();
        }
        else
        {
            _reader.SetException(error);
        }

        _closed.End(error);
        if (_writable.IsPending)
        {
            _writable.End(error);
        }
    }

    /// <inheritdoc/>
    public override void DataReceived(ReadOnlySpan<byte> data) => _reader.FeedData(data);

    /// <inheritdoc/>
    public override bool EofReceived()
    {
        _reader.FeedEof();
        return !_closesAtEof;
    }

    /// <inheritdoc/>
    public override void PauseWriting() => _writable.IsPending = true;

    /// <inheritdoc/>
    public override void ResumeWriting() => _writable.End(null);

    void IStreamSink.OnReceived(ReadOnlySpan<byte> data) => _reader.FeedData(data);

    bool IStreamSink.OnEof() => EofReceived();

    /// <summary>Until the transport has room again.</summary>
    internal Coroutine WaitWritable() => _isLost ? Coroutine.FromException(ConnectionErrors.Lost()) : _writable.WaitAsync();

    /// <summary>Queues <paramref name="listener"/> when the transport has room again.</summary>
    internal void WhenWritable(Runnable listener) => _writable.Add(listener);

    internal void Forget(Runnable listener) => _writable.Remove(listener);

    internal Coroutine WaitClosed() =>
        _closed.IsPending ? _closed.WaitAsync()
        : _lostBy is null ? Coroutine.Completed
        : Coroutine.FromException(_lostBy);

    /// <summary>The connection was upgraded: the same reader and writer go on over another transport.</summary>
    internal void ReplaceTransport(Transport transport)
    {
        _reader.ReplaceTransport(transport);
        _closesAtEof = EndsWithReading(transport);
    }

    // TLS knows no half-closed connection.
    private static bool EndsWithReading(Transport transport) => transport.GetExtraInfo("sslobject") is not null;
}
