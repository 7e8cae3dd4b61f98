using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>
/// An open file: bytes, a position, a buffer. Its operations block no loop: they go through io_uring where the loop has it, else to threads of the
/// loop's own. The counterpart of aiofiles' binary files, with <see cref="FileStream"/>'s spellings. For text see <see cref="AsyncTextFile"/>.
/// </summary>
/// <remarks>
/// <para><c>await using var file = await AsyncFile.OpenAsync(path);</c></para>
/// <para>
/// Operations on one file run one after the other, in the order of their awaits. Cancelled, an operation has either done nothing, or it
/// is carried out to its end and gives its result, and the cancellation arrives at the next await: no write is torn in two, no
/// read moves the position without giving the bytes.
/// </para>
/// <para><c>await foreach (var line in file) { … }</c> reads its lines, as <see cref="ReadLineAsync"/> does.</para>
/// <para>Small writes stay in the buffer until it is full, or until <see cref="FlushAsync"/>, a read, a seek or <see cref="CloseAsync"/>: errors of the disk may come that late.
/// A file that is dropped and never closed is reported to the loop's exception handler; what is in its buffer is written then.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncFile : IAsyncDisposable, IAsyncEnumerable<byte[]>
{
    /// <summary>The bytes that a file's buffer holds if nothing else is said: a way to a thread and back costs more than copying them.</summary>
    internal const int DefaultBufferSize = 64 * 1024;

    private readonly FileBackend _backend;
    private readonly FileTurns _turns;
    private readonly FileBuffer _buffer;
    private long _position;
    private bool _closing;
    private bool _closed;

    internal AsyncFile(FileBackend backend, string name, int bufferSize = DefaultBufferSize, long position = 0)
    {
        _backend = backend;
        _position = position;
        _turns = new FileTurns(this);
        _buffer = new FileBuffer(bufferSize);
        Name = name;
    }

    /// <summary>Opens a file. Asyncio: <c>aiofiles.open(path, "rb")</c>; for the modes of Python's <c>open()</c> see <see cref="Aio.OpenFile"/>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">Whether it must exist, or is made, or emptied. <see cref="FileMode.Append"/> writes to its end, see the remarks.</param>
    /// <param name="access">Reading, writing, both; null is reading for <see cref="FileMode.Open"/>, writing for <see cref="FileMode.Append"/>, else both.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="options">As for <see cref="FileStream"/>. <see cref="FileOptions.Asynchronous"/> has no meaning here.</param>
    /// <param name="bufferSize">In bytes; zero reads and writes without a buffer.</param>
    /// <exception cref="IOException">What <see cref="File.OpenHandle"/> throws: also <see cref="FileNotFoundException"/>, <see cref="UnauthorizedAccessException"/> and others.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bufferSize"/> is negative.</exception>
    /// <exception cref="ArgumentException"><see cref="FileMode.Append"/> without access to write.</exception>
    /// <remarks>
    /// <para>Opening a pipe that nobody has open at its other end blocks one of the loop's threads until somebody does.</para>
    /// <para>
    /// With <see cref="FileMode.Append"/> every write goes to the end that the file has by then, wherever the position was, and moves the position there; on Linux
    /// whoever else appends is not written over, and nothing comes in between the bytes of one <see cref="WriteAsync"/>. It may be read, too.
    /// </para>
    /// </remarks>
    public static Coroutine<AsyncFile> OpenAsync(
        string path,
        FileMode mode = FileMode.Open,
        FileAccess? access = null,
        FileShare share = FileShare.Read,
        FileOptions options = FileOptions.None,
        int bufferSize = DefaultBufferSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        var granted = access ?? FileModes.UsualAccess(mode);
        return OfThisLoop(InThread.Call(
            "AsyncFile.OpenAsync",
            static call => Open(call.path, call.mode, call.granted, call.share, call.options & ~FileOptions.Asynchronous, call.bufferSize),
            (path, mode, granted, share, options, bufferSize)));
    }

    /// <summary>Makes a file of a .NET stream whose calls block; nobody else may use the stream meanwhile. The counterpart of aiofiles' <c>wrap()</c>.</summary>
    /// <param name="stream">The stream. If it can seek, the file begins at its position.</param>
    /// <param name="leaveOpen">True: closing the file does not close it.</param>
    /// <param name="bufferSize">In bytes; zero reads and writes without a buffer.</param>
    public static AsyncFile Wrap(Stream stream, bool leaveOpen = false, int bufferSize = DefaultBufferSize)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        return new AsyncFile(new StreamBackend(stream, leaveOpen), (stream as FileStream)?.Name ?? stream.GetType().Name, bufferSize, stream.CanSeek ? stream.Position : 0);
    }

    /// <summary>Its path, as it was given. Asyncio: <c>file.name</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it was opened for reading. Asyncio: <c>readable()</c>.</summary>
    public bool CanRead => !_closed && _backend.CanRead;

    /// <summary>Whether it was opened for writing. Asyncio: <c>writable()</c>.</summary>
    public bool CanWrite => !_closed && _backend.CanWrite;

    /// <summary>Whether it has a position and a length: pipes and terminals have none. Asyncio: <c>seekable()</c>.</summary>
    public bool CanSeek => !_closed && _backend.CanSeek;

    /// <summary>Whether it is a terminal, with somebody who types and reads. Asyncio: <c>isatty()</c>.</summary>
    public bool IsTerminal => !_closed && _backend.IsTerminal;

    /// <summary>Whether it is closed. Asyncio: <c>file.closed</c>.</summary>
    public bool IsClosed => _closed;

    /// <summary>Where the next operation begins; moved by <see cref="SeekAsync"/>. Of what cannot seek: how many bytes went through. Asyncio: <c>tell()</c>.</summary>
    public long Position => _position;

    /// <summary>The system's handle, for those who call the system. What is in the buffer, it does not have yet. Asyncio: <c>fileno()</c>.</summary>
    /// <exception cref="NotSupportedException">It is not a file of the system.</exception>
    public SafeFileHandle SafeFileHandle =>
        _backend.Handle ?? throw new NotSupportedException($"{this} has no handle of its own.");

    /// <summary>
    /// Writes what is in the buffer and closes it, when the operations under way have ended; cannot be cancelled. Does nothing a second
    /// time. Asyncio: <c>close()</c>.
    /// </summary>
    /// <exception cref="IOException">The last bytes could not be written; it is closed all the same.</exception>
    public async Coroutine CloseAsync()
    {
        _closing = true;
        using (await _turns.EnterAsync(patient: true))
        {
            if (_closed)
            {
                return;
            }

            try
            {
                await WriteBuffer(mustRun: true);
            }
            finally
            {
                _closed = true;
                GC.SuppressFinalize(this);
                _buffer.Free();
                await _backend.Close();
            }
        }
    }

    /// <inheritdoc cref="CloseAsync"/>
    public Coroutine DisposeAsync() => CloseAsync();

    async ValueTask IAsyncDisposable.DisposeAsync() => await CloseAsync();

    /// <summary><c>&lt;AsyncFile 'name' open&gt;</c>.</summary>
    public override string ToString() => $"<AsyncFile '{Name}' {(_closed ? "closed" : "open")}>";

    private static AsyncFile Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options, int bufferSize)
    {
        var appends = mode == FileMode.Append;
        var handle = appends ? AppendingHandle.Open(path, access, share, options) : File.OpenHandle(path, mode, access, share, options);
        try
        {
            return LengthOf(handle) is not { } length ? new AsyncFile(new StreamBackend(new FileStream(handle, access, bufferSize: 0), leaveOpen: false), path, bufferSize)
                : appends ? new AsyncFile(new AppendBackend(handle, access, Path.GetFullPath(path)), path, bufferSize, length)
                : new AsyncFile(new HandleBackend(handle, access, Path.GetFullPath(path)), path, bufferSize);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Null for what cannot seek: a pipe, a terminal.</summary>
    internal static long? LengthOf(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Begins an operation, which has the file to itself until the turn is disposed of.</summary>
    private Coroutine<FileTurns.Turn> Enter(bool reads = false, bool writes = false)
    {
        ObjectDisposedException.ThrowIf(_closing, this);
        if (reads && !_backend.CanRead)
        {
            throw new NotSupportedException($"{this} was not opened for reading.");
        }

        if (writes && !_backend.CanWrite)
        {
            throw new NotSupportedException($"{this} was not opened for writing.");
        }

        return _turns.EnterAsync();
    }
}
