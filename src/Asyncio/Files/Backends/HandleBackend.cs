using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>A file of the system that can seek, read and written at positions, in the loop's file threads.</summary>
internal sealed class HandleBackend(SafeFileHandle handle, FileAccess access) : FileBackend
{
    internal override SafeFileHandle Handle => handle;

    internal override bool CanRead => (access & FileAccess.Read) != 0;

    internal override bool CanWrite => (access & FileAccess.Write) != 0;

    internal override bool CanSeek => true;

    internal override Coroutine<int> Read(Memory<byte> buffer, long position) => InThread.Call(
        "reading a file",
        static call => RandomAccess.Read(call.handle, call.buffer.Span, call.position),
        (handle, buffer, position));

    internal override Coroutine Write(ReadOnlyMemory<byte> data, long position, bool mustRun) => InThread.Call(
        "writing a file",
        static call => RandomAccess.Write(call.handle, call.data.Span, call.position),
        (handle, data, position),
        mustRun);

    internal override Coroutine<long> GetLength() => InThread.Call("asking for the length of a file", RandomAccess.GetLength, handle);

    internal override Coroutine SetLength(long length) => InThread.Call(
        "setting the length of a file",
        static call => RandomAccess.SetLength(call.handle, call.length),
        (handle, length));

    internal override Coroutine Flush(bool toDisk) =>
        toDisk ? InThread.Call("flushing a file to disk", RandomAccess.FlushToDisk, handle) : Coroutine.Completed;

    internal override Coroutine Close() => InThread.Call("closing a file", static file => file.Dispose(), handle, mustRun: true);
}
