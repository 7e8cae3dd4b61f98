namespace Asyncio;

// Files that are sent: read, encrypted and written, piece after piece, as fast as the peer takes them.
internal sealed partial class TlsTransport
{
    /// <summary>How much is read at a time: with it the transport below is full.</summary>
    private const int FilePiece = 4 * RecordBytes;

    private Future<Unit>? _room; // while a file waits for the transport below
    private bool _sendsFile;

    internal override async Coroutine<long> SendFile(EventLoop loop, FileSending file, bool fallback)
    {
        _loop.CheckThread();
        CheckNoFile(nameof(EventLoop.Sendfile));
        if (!fallback)
        {
            throw new SendfileNotAvailableException($"fallback is disabled and native sendfile is not supported for transport {this}");
        }

        var (wasReading, wasFull) = (IsReading, _isFull);
        _sendsFile = true;
        PauseReading();
        try
        {
            return await file.Through(loop, FilePiece, SendPiece);
        }
        finally
        {
            EndFile(wasReading, wasFull);
        }
    }

    private async Coroutine<int> SendPiece(Memory<byte> piece)
    {
        await Room();
        if (!_raw.IsClosing)
        {
            Encrypt(piece.Span);
        }

        return _raw.IsClosing ? throw _error ?? ConnectionErrors.Lost() : piece.Length;
    }

    private async Coroutine Room()
    {
        if (!_isFull || _raw.IsClosing)
        {
            return;
        }

        _room = _loop.CreateFuture<Unit>();
        try
        {
            await _room;
        }
        finally
        {
            _room = null;
        }
    }

    private void EndFile(bool wasReading, bool wasFull)
    {
        _sendsFile = false;
        if (wasReading)
        {
            ResumeReading();
        }

        if (_lost)
        {
            return;
        }

        if (_isFull && !wasFull)
        {
            TellPause();
        }
        else if (wasFull && !_isFull)
        {
            TellResume();
        }

        if (_closing)
        {
            SayGoodbyeIfOpen();
        }
    }

    private void TellResume()
    {
        try
        {
            _protocol.ResumeWriting();
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            _loop.ReportTransport("protocol.ResumeWriting() failed", e, this, _protocol);
        }
    }

    private void CheckNoFile(string member)
    {
        if (_sendsFile)
        {
            throw new InvalidOperationException($"Cannot call {member}(): sendfile is in progress. Await it first.");
        }
    }
}
