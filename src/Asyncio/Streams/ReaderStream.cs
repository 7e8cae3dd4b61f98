namespace Asyncio;

/// <summary>The reading half of a stream of .NET's over a reader.</summary>
/// <remarks>On the loop's thread it allocates nothing. From another thread each call becomes a task of the loop.</remarks>
internal abstract class ReaderStream(AsyncStreamReader reader) : Stream
{
    private StreamRead? _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected EventLoop Loop => reader.Loop;

    protected bool IsOnLoop => ReferenceEquals(EventLoop.t_running, reader.Loop);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (!IsOnLoop)
        {
            return new ValueTask<int>(Aio.RunCoroutineThreadsafe(ReadOnLoop(buffer), Loop, cancellationToken));
        }

        try
        {
            reader.CheckRead(Loop, "ReadAsync");
            if (reader.HasNews)
            {
                return new ValueTask<int>(StreamRead.Take(reader, buffer));
            }

            // With an empty buffer, too, it waits until something is there: that is how others wait without holding a buffer.
            reader.ResumeForWait();
            if (_read is null or { IsUnderWay: true })
            {
                _read = new StreamRead(reader);
            }

            return _read.Begin(buffer, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(ConnectionErrors.AsIO(e));
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (IsOnLoop && !reader.HasNews)
        {
            throw new InvalidOperationException("Read() would block the event loop, which alone could end it. Use ReadAsync().");
        }

        return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override void Flush()
    {
        // What was written is with the transport already.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Coroutine<int> ReadOnLoop(Memory<byte> buffer)
    {
        try
        {
            return buffer.IsEmpty ? await ReadIntoLeaf.CreateWait(reader) : await reader.ReadAsync(buffer);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw ConnectionErrors.AsIO(e);
        }
    }
}
