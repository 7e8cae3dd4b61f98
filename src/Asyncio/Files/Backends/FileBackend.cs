using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>
/// What an <see cref="AsyncFile"/> reads and writes: a handle, a stream, memory. Stateless as to the position, so that an operation that
/// was withdrawn leaves nothing behind; <see cref="AsyncFile"/> keeps it, and has one operation at a time under way.
/// </summary>
/// <remarks>
/// The contract of every member: cancelled, it has either not begun, and throws, or it is carried out and gives its outcome. Called on the thread of
/// the loop that is to run it, whichever that is each time.
/// </remarks>
internal abstract class FileBackend
{
    /// <summary>The system's, if it is a file of the system.</summary>
    internal virtual SafeFileHandle? Handle => null;

    internal abstract bool CanRead { get; }

    internal abstract bool CanWrite { get; }

    internal abstract bool CanSeek { get; }

    /// <summary>Whether every write goes to the end of the file, wherever that is by then.</summary>
    internal virtual bool Appends => false;

    internal virtual bool IsTerminal => Handle is { } handle && Terminals.Has(handle);

    /// <summary>Whether something is lost if it is dropped and not closed.</summary>
    /// <param name="unwritten">How many bytes it has not been given yet.</param>
    internal abstract bool MustBeClosed(int unwritten);

    /// <summary>What is there, at most a buffer full; zero at the end.</summary>
    internal abstract Coroutine<int> Read(Memory<byte> buffer, long position);

    /// <summary>All of it.</summary>
    /// <param name="data">What to write.</param>
    /// <param name="position">Where to; of no meaning where it <see cref="Appends"/>.</param>
    /// <param name="mustRun">True: not to be cancelled; nobody would write it later.</param>
    internal abstract Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun = false);

    internal abstract Coroutine<long> GetLength();

    /// <summary>Asked here and now, of what can seek.</summary>
    internal abstract long LengthNow();

    internal abstract Coroutine SetLength(long length);

    /// <param name="toDisk">True: waits until the disk has it; false: until the operating system has it.</param>
    internal abstract Coroutine Flush(bool toDisk);

    /// <summary>Not to be cancelled.</summary>
    internal abstract Coroutine Close();

    /// <summary>For what was dropped: writes the last bytes and closes it, blocking, in whatever thread this is. False: it cannot.</summary>
    internal virtual bool TryFinish(ReadOnlySpan<byte> unwritten, long position) => false;
}
