using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>
/// What an <see cref="AsyncFile"/> reads and writes: a handle, a stream, memory. Stateless as to the position, so that an operation that
/// was withdrawn leaves nothing behind; <see cref="AsyncFile"/> keeps it, and has one operation at a time under way.
/// </summary>
/// <remarks>
/// The contract of every member: cancelled, it has either not begun, and throws, or it is carried out and gives its outcome. What
/// goes through the ring of a reactor instead of a thread is another backend.
/// </remarks>
internal abstract class FileBackend
{
    /// <summary>The system's, if it is a file of the system.</summary>
    internal virtual SafeFileHandle? Handle => null;

    internal abstract bool CanRead { get; }

    internal abstract bool CanWrite { get; }

    internal abstract bool CanSeek { get; }

    /// <summary>What is there, at most a buffer full; zero at the end.</summary>
    internal abstract Coroutine<int> Read(Memory<byte> buffer, long position);

    /// <summary>All of it.</summary>
    /// <param name="mustRun">True: not to be cancelled; nobody would write it later.</param>
    internal abstract Coroutine Write(ReadOnlyMemory<byte> data, long position, bool mustRun = false);

    internal abstract Coroutine<long> GetLength();

    internal abstract Coroutine SetLength(long length);

    /// <param name="toDisk">True: waits until the disk has it; false: until the operating system has it.</param>
    internal abstract Coroutine Flush(bool toDisk);

    /// <summary>Not to be cancelled.</summary>
    internal abstract Coroutine Close();
}
