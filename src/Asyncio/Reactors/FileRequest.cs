using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// One operation on a file, at a place of its own: what to do, with which buffer. Made once and used again by its owner; the reactor has it
/// from <see cref="IFileQueue.Submit"/> until <see cref="OnCompleted"/>, and so long the buffer must not be touched.
/// </summary>
internal abstract class FileRequest
{
    /// <summary>In place of a position: where the descriptor stands, which is moved. For files that are appended to.</summary>
    internal const long CurrentPosition = -1;

    internal FileOperation Operation;

    /// <summary>The file. The reactor holds it until the request has completed.</summary>
    internal SafeFileHandle? Handle;

    /// <summary>Read into, or written from. The reactor pins it while the kernel has it.</summary>
    internal Memory<byte> Buffer;

    internal long Position;

    // ---- the reactor's, while it has the request ----------------------------------------------------------------------

    internal MemoryHandle Pin;
    internal ulong Tag;
    internal int Progress;
    internal int Error;
    internal bool IsHeld;
    internal bool IsParked;
    internal bool CancelAsked;

    /// <summary>It has ended. Inside a poll: nothing of the user's may run here.</summary>
    /// <param name="count">How many bytes were read or written.</param>
    /// <param name="error">Zero, or the errno that ended it. <see cref="Errno.ECANCELED"/>: it was cancelled and has had no effect.</param>
    internal abstract void OnCompleted(int count, int error);
}

/// <summary>What a <see cref="FileRequest"/> does.</summary>
internal enum FileOperation : byte
{
    /// <summary>Reads what is there, at most a buffer full; zero is the end of the file.</summary>
    Read,

    /// <summary>Writes the whole buffer. What was begun is carried on to its end: only an error leaves a part of it unwritten.</summary>
    Write,

    /// <summary>Waits until the disk has what was written.</summary>
    Flush,
}

/// <summary>Where a reactor takes requests for files, if it has a way to do them without blocking.</summary>
internal interface IFileQueue
{
    /// <summary>Begins a request. Its outcome is told in a later poll, also if it failed at once.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    void Submit(FileRequest request);

    /// <summary>Asks a request that is under way to end. It does if it has had no effect; what was begun goes on to its end.</summary>
    void Cancel(FileRequest request);
}
