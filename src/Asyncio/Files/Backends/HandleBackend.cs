using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>
/// A file of the system that can seek, read and written at positions: by the loop's reactor where that takes files, else in the loop's file
/// threads.
/// </summary>
/// <remarks>
/// What the reactor could not do is done once more by a thread. That tells its errors as .NET does, and what only the reactor cannot do (an
/// operation that its kernel lacks for this kind of file) just works. Not so the flush to disk: the kernel tells an error of that once.
/// </remarks>
internal class HandleBackend(SafeFileHandle handle, FileAccess access, string path) : FileBackend
{
    internal sealed override SafeFileHandle Handle => handle;

    internal sealed override bool CanRead => (access & FileAccess.Read) != 0;

    internal sealed override bool CanWrite => (access & FileAccess.Write) != 0;

    internal sealed override bool CanSeek => true;

    internal sealed override bool MustBeClosed(int unwritten) => !handle.IsClosed || unwritten > 0;

    protected string Path => path;

    /// <summary>Null: the loop that runs has only threads for files.</summary>
    protected static IFileQueue? Queue => EventLoop.RequireRunning().FileQueue;

    internal sealed override Coroutine<int> Read(Memory<byte> buffer, long position) =>
        Queue is { } queue ? ReadThrough(queue, buffer, position) : ReadInThread(buffer, position);

    internal override Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun) =>
        Queue is { } queue ? WriteThrough(queue, data, position, mustRun) : WriteInThread(data, position, mustRun);

    internal sealed override Coroutine<long> GetLength() => InThread.Call("asking for the length of a file", RandomAccess.GetLength, handle);

    internal sealed override long LengthNow() => RandomAccess.GetLength(handle);

    internal sealed override Coroutine SetLength(long length) => InThread.Call(
        "setting the length of a file",
        static call => RandomAccess.SetLength(call.handle, call.length),
        (handle, length));

    internal sealed override Coroutine Flush(bool toDisk) =>
        !toDisk ? Coroutine.Completed
        : Queue is { } queue ? FlushThrough(queue)
        : FlushInThread();

    internal sealed override Coroutine Close() => InThread.Call("closing a file", static file => file.Dispose(), handle, mustRun: true);

    internal override bool TryFinish(ReadOnlySpan<byte> unwritten, long position)
    {
        RandomAccess.Write(handle, unwritten, position);
        handle.Dispose();
        return true;
    }

    private async Coroutine<int> ReadThrough(IFileQueue queue, Memory<byte> buffer, long position)
    {
        var (count, error) = await QueuedCall.Create(queue, FileOperation.Read, handle, buffer, position);
        return error == 0 ? count : await ReadInThread(buffer, position);
    }

    private async Coroutine<Written> WriteThrough(IFileQueue queue, ReadOnlyMemory<byte> data, long position, bool mustRun)
    {
        var (count, error) = await QueuedCall.Create(queue, FileOperation.Write, handle, data, position, mustRun);
        if (error != 0)
        {
            await WriteInThread(data[count..], position + count, mustRun || count > 0);
        }

        return new Written(position + data.Length, data.Length);
    }

    private async Coroutine FlushThrough(IFileQueue queue)
    {
        switch ((await QueuedCall.Create(queue, FileOperation.Flush, handle)).Error)
        {
            case 0:
                break;
            case Errno.EINVAL or Errno.EROFS or Errno.ENOSYS or Errno.EOPNOTSUPP:
                await FlushInThread(); // nothing there that could be flushed, or not so
                break;
            case var error:
                throw FileErrors.Of(error, path);
        }
    }

    private Coroutine<int> ReadInThread(Memory<byte> buffer, long position) => InThread.Call(
        "reading a file",
        static call => RandomAccess.Read(call.handle, call.buffer.Span, call.position),
        (handle, buffer, position));

    private Coroutine<Written> WriteInThread(ReadOnlyMemory<byte> data, long position, bool mustRun) => InThread.Call(
        "writing a file",
        static call =>
        {
            RandomAccess.Write(call.handle, call.data.Span, call.position);
            return new Written(call.position + call.data.Length, call.data.Length);
        },
        (handle, data, position),
        mustRun);

    private Coroutine FlushInThread() => InThread.Call("flushing a file to disk", RandomAccess.FlushToDisk, handle);
}
