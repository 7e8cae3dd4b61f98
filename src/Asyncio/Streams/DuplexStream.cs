using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>A stream of .NET's over a reader and a writer: see <see cref="AsyncStreamWriter.AsStream"/>.</summary>
internal sealed class DuplexStream(AsyncStreamReader reader, AsyncStreamWriter writer, StreamReaderProtocol protocol) : ReaderStream(reader)
{
    private StreamDrain? _drain;

    public override bool CanWrite => true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (!IsOnLoop)
        {
            return new ValueTask(Aio.RunCoroutineThreadsafe(WriteOnLoop(buffer), Loop, cancellationToken));
        }

        try
        {
            Write(buffer.Span);
            if (protocol.MayWrite)
            {
                return ValueTask.CompletedTask;
            }

            if (_drain is null or { IsUnderWay: true })
            {
                _drain = new StreamDrain(protocol);
            }

            return _drain.Begin(cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (IsOnLoop)
        {
            Write(buffer.AsSpan(offset, count)); // without waiting for room: nobody else could make it
            return;
        }

        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsOnLoop)
        {
            base.Write(buffer);
            return;
        }

        if (protocol.IsLost || writer.IsClosing)
        {
            throw ConnectionErrors.AsIO(protocol.LostBy ?? ConnectionErrors.Lost());
        }

        writer.Write(buffer);
    }

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override ValueTask DisposeAsync()
    {
        if (Loop.IsClosed)
        {
            return ValueTask.CompletedTask;
        }

        GC.SuppressFinalize(this);
        return new ValueTask(Aio.RunCoroutineThreadsafe(writer.DisposeAsync(), Loop));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        if (IsOnLoop)
        {
            writer.Close();
        }
        else if (!Loop.IsClosed)
        {
            Loop.EnqueueFromAnywhere(new Closing(writer), null);
        }
    }

    private async Coroutine WriteOnLoop(ReadOnlyMemory<byte> buffer)
    {
        Write(buffer.Span);
        try
        {
            await writer.DrainAsync();
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw ConnectionErrors.AsIO(e);
        }
    }

    private sealed class Closing(AsyncStreamWriter writer) : Runnable
    {
        internal override void Run(object? argument) => writer.Close();
    }
}
