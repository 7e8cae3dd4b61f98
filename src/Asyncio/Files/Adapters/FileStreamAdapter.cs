namespace Asyncio.Files;

/// <summary>A stream of .NET's over a file: see <see cref="AsyncFile.AsStream"/>.</summary>
internal sealed class FileStreamAdapter(AsyncFile file, EventLoop loop) : Stream
{
    private ForeignCall<int>? _read;
    private ForeignCall<Unit>? _write;

    public override bool CanRead => file.CanRead;

    public override bool CanWrite => file.CanWrite;

    public override bool CanSeek => file.CanSeek;

    public override long Length => IsOnLoop ? file.LengthNow() : Block(file.GetLengthAsync());

    public override long Position
    {
        get => file.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    private bool IsOnLoop => ReferenceEquals(EventLoop.t_running, loop);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (!IsOnLoop)
        {
            return new ValueTask<int>(Aio.RunCoroutineThreadsafe(file.ReadAsync(buffer), loop, cancellationToken));
        }

        return file.TryReadNow(buffer.Span, out var count) ? new ValueTask<int>(count) : ForeignCall<int>.Free(ref _read, loop).Begin(file.ReadAsync(buffer), cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        RefuseOnLoop("Read", "ReadAsync");
        return Block(file.ReadAsync(buffer.AsMemory(offset, count)));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        return !IsOnLoop ? new ValueTask(Aio.RunCoroutineThreadsafe(file.WriteAsync(buffer), loop, cancellationToken))
            : file.TryWriteNow(buffer.Span) ? ValueTask.CompletedTask
            : BeginOnLoop(file.WriteAsync(buffer), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        RefuseOnLoop("Write", "WriteAsync");
        Block(file.WriteAsync(buffer.AsMemory(offset, count)).AsCoroutine());
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken)
        : !IsOnLoop ? Aio.RunCoroutineThreadsafe(file.FlushAsync(), loop, cancellationToken)
        : BeginOnLoop(file.FlushAsync(), cancellationToken).AsTask();

    public override void Flush()
    {
        if (IsOnLoop && !file.HasUnwritten && !file.IsClosed)
        {
            return;
        }

        RefuseOnLoop("Flush", "FlushAsync");
        Block(file.FlushAsync().AsCoroutine());
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!IsOnLoop)
        {
            return Block(file.SeekAsync(offset, origin));
        }

        ObjectDisposedException.ThrowIf(file.IsClosed, file);
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => file.Position + offset,
            SeekOrigin.End => file.LengthNow() + offset,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "Begin, Current or End."),
        };
        return file.TrySeekNow(target)
            ? target
            : throw new InvalidOperationException($"Seek() would block the event loop: {file} has bytes to write, or an operation under way. Await FlushAsync() first, or use AsyncFile.SeekAsync().");
    }

    public override void SetLength(long value)
    {
        RefuseOnLoop("SetLength", "AsyncFile.SetLengthAsync");
        Block(file.SetLengthAsync(value).AsCoroutine());
    }

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return file.IsClosed || loop.IsClosed ? ValueTask.CompletedTask
            : !IsOnLoop ? new ValueTask(Aio.RunCoroutineThreadsafe(file.CloseAsync(), loop))
            : BeginOnLoop(file.CloseAsync(), CancellationToken.None);
    }

    /// <summary>On the loop's thread it only begins to close: what fails then is reported.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || file.IsClosed || loop.IsClosed)
        {
            return;
        }

        if (IsOnLoop)
        {
            loop.CreateTask(file.CloseAsync());
        }
        else
        {
            Block(file.CloseAsync().AsCoroutine());
        }
    }

    private ValueTask BeginOnLoop(Coroutine coroutine, CancellationToken cancellationToken) =>
        ForeignCall<Unit>.Free(ref _write, loop).BeginUnit(coroutine.AsCoroutine(), cancellationToken);

    private void RefuseOnLoop(string call, string instead)
    {
        if (IsOnLoop)
        {
            throw new InvalidOperationException($"{call}() would block the event loop, which alone could end it. Use {instead}().");
        }
    }

    private T Block<T>(Coroutine<T> coroutine) => Aio.RunCoroutineThreadsafe(coroutine, loop).GetAwaiter().GetResult();
}
