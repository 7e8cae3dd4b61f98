using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>A file of the system that can seek, read and written at positions: by the loop's reactor, where that can, else in the loop's file threads.</summary>
internal sealed class HandleBackend(SafeFileHandle handle, FileAccess access) : FileBackend
{
    internal override SafeFileHandle Handle => handle;

    internal override bool CanRead => (access & FileAccess.Read) != 0;

    internal override bool CanWrite => (access & FileAccess.Write) != 0;

    internal override bool CanSeek => true;

    internal override Coroutine<int> Read(Memory<byte> buffer, long position) =>
        EventLoop.RequireRunning().FileQueue is { } queue ? ReadThrough(queue, buffer, position) : ReadInThread(buffer, position);

    internal override Coroutine Write(ReadOnlyMemory<byte> data, long position, bool mustRun) =>
        EventLoop.RequireRunning().FileQueue is { } queue ? WriteThrough(queue, data, position, mustRun) : WriteInThread(data, position, mustRun);

    internal override Coroutine<long> GetLength() => InThread.Call("asking for the length of a file", RandomAccess.GetLength, handle);

    internal override Coroutine SetLength(long length) => InThread.Call(
        "setting the length of a file",
        static call => RandomAccess.SetLength(call.handle, call.length),
        (handle, length));

    internal override Coroutine Flush(bool toDisk) =>
        !toDisk ? Coroutine.Completed
        : EventLoop.RequireRunning().FileQueue is { } queue ? FlushThrough(queue)
        : FlushInThread();

    internal override Coroutine Close() => InThread.Call("closing a file", static file => file.Dispose(), handle, mustRun: true);

    private async Coroutine<int> ReadThrough(IFileQueue queue, Memory<byte> buffer, long position)
    {
        var (count, error) = await QueuedCall.Create(queue, FileOperation.Read, handle, buffer, position);
        return error == 0 ? count : await ReadInThread(buffer, position);
    }

    private async Coroutine WriteThrough(IFileQueue queue, ReadOnlyMemory<byte> data, long position, bool mustRun)
    {
        var (count, error) = await QueuedCall.Create(queue, FileOperation.Write, handle, data, position, mustRun);
        if (error != 0)
        {
            await WriteInThread(data[count..], position + count, mustRun || count > 0);
        }
    }

    private async Coroutine FlushThrough(IFileQueue queue)
    {
        var (_, error) = await QueuedCall.Create(queue, FileOperation.Flush, handle);
        if (error != 0)
        {
            await FlushInThread();
        }
    }

    private Coroutine<int> ReadInThread(Memory<byte> buffer, long position) => InThread.Call(
        "reading a file",
        static call => RandomAccess.Read(call.handle, call.buffer.Span, call.position),
        (handle, buffer, position));

    private Coroutine WriteInThread(ReadOnlyMemory<byte> data, long position, bool mustRun) => InThread.Call(
        "writing a file",
        static call => RandomAccess.Write(call.handle, call.data.Span, call.position),
        (handle, data, position),
        mustRun);

    private Coroutine FlushInThread() => InThread.Call("flushing a file to disk", RandomAccess.FlushToDisk, handle);
}
