using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>A .NET stream that blocks, in the loop's file threads.</summary>
/// <param name="stream">The stream.</param>
/// <param name="leaveOpen">True: closing this does not close it.</param>
/// <param name="isTerminal">What no handle can tell; null: it is none.</param>
internal sealed class StreamBackend(Stream stream, bool leaveOpen, Func<bool>? isTerminal = null) : FileBackend
{
    internal override SafeFileHandle? Handle => (stream as FileStream)?.SafeFileHandle;

    internal override bool CanRead => stream.CanRead;

    internal override bool CanWrite => stream.CanWrite;

    internal override bool CanSeek => stream.CanSeek;

    internal override bool IsTerminal => isTerminal?.Invoke() ?? base.IsTerminal;

    internal override bool MustBeClosed(int unwritten) => !leaveOpen || unwritten > 0;

    internal override Coroutine<int> Read(Memory<byte> buffer, long position) => InThread.Call(
        "reading a stream",
        static call =>
        {
            Seek(call.stream, call.position);
            return call.stream.Read(call.buffer.Span);
        },
        (stream, buffer, position));

    internal override Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun) => InThread.Call(
        "writing a stream",
        static call =>
        {
            Seek(call.stream, call.position);
            call.stream.Write(call.data.Span);
            return new Written(call.position + call.data.Length, call.data.Length);
        },
        (stream, data, position),
        mustRun);

    internal override Coroutine<long> GetLength() => InThread.Call("asking for the length of a stream", static stream => stream.Length, stream);

    internal override long LengthNow() => stream.Length;

    internal override Coroutine SetLength(long length) => InThread.Call(
        "setting the length of a stream",
        static call => call.stream.SetLength(call.length),
        (stream, length));

    internal override Coroutine Flush(bool toDisk) => InThread.Call(
        "flushing a stream",
        static call =>
        {
            if (call.toDisk && call.stream is FileStream file)
            {
                file.Flush(flushToDisk: true);
            }
            else
            {
                call.stream.Flush();
            }
        },
        (stream, toDisk));

    internal override Coroutine Close() =>
        leaveOpen ? Coroutine.Completed : InThread.Call("closing a stream", static stream => stream.Dispose(), stream, mustRun: true);

    private static void Seek(Stream stream, long position)
    {
        if (stream.CanSeek && stream.Position != position)
        {
            stream.Position = position;
        }
    }
}
