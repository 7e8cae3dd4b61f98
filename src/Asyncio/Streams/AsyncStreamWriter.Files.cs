using Asyncio.Files;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

// Files.
public sealed partial class AsyncStreamWriter
{
    /// <summary>
    /// Sends a file behind what was written, as fast as the peer takes it: by the system's <c>sendfile</c> where it can, over TLS by copying.
    /// Asyncio: <c>loop.sendfile(writer.transport, file)</c>.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <param name="offset">Where in the file to begin, in bytes.</param>
    /// <param name="count">How many bytes; null is up to its end.</param>
    /// <returns>How many bytes were sent: less than <paramref name="count"/> if the file is shorter.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative, or <paramref name="count"/> is not positive (thrown at the await).</exception>
    /// <exception cref="IOException">The file cannot be opened or read (thrown at the await); also <see cref="FileNotFoundException"/>, <see cref="UnauthorizedAccessException"/> and others.</exception>
    /// <exception cref="InvalidOperationException">The writer is closing, <see cref="WriteEof"/> was called, or a file is being sent (thrown at the await).</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection is lost (thrown at the await); or whatever else the reader has failed with.</exception>
    /// <remarks>
    /// Acts when awaited; always suspends. Until it has ended nothing may be written, and nothing is received. Cancelled, it stops in the
    /// middle of the file: a peer that was told the length waits for the rest.
    /// </remarks>
    public async Coroutine<long> SendFileAsync(string path, long offset = 0, long? count = null)
    {
        await using var file = await AsyncFile.OpenAsync(path, bufferSize: 0);
        return await SendFileAsync(file, offset, count);
    }

    /// <summary>Sends a file of the system, at positions: the handle's own position is neither used nor moved.</summary>
    /// <inheritdoc cref="SendFileAsync(string, long, long?)"/>
    /// <param name="file">An open file that can seek; it stays the caller's.</param>
    public async Coroutine<long> SendFileAsync(SafeFileHandle file, long offset = 0, long? count = null) =>
        await Send(new FileSending(file, offset, count));

    /// <summary>Sends an open file. If something was sent, its position is behind it afterwards, exactly, however this ends.</summary>
    /// <inheritdoc cref="SendFileAsync(string, long, long?)"/>
    /// <param name="file">A file of the system, open for reading. Its other operations wait until this has ended.</param>
    /// <exception cref="NotSupportedException">The file cannot be read, cannot seek, or is none of the system's (thrown at the await).</exception>
    public async Coroutine<long> SendFileAsync(AsyncFile file, long offset = 0, long? count = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return await file.SendThrough(Send, offset, count);
    }

    /// <summary>Sends what a .NET stream holds. If something was sent, its position is behind it afterwards, exactly, however this ends.</summary>
    /// <inheritdoc cref="SendFileAsync(string, long, long?)"/>
    /// <param name="file">A stream that can seek, read in threads; only a <see cref="FileStream"/> is sent by the system. It stays the caller's, and is not to be used before this has ended.</param>
    /// <exception cref="ArgumentException">It cannot be read or cannot seek (thrown at the await).</exception>
    public async Coroutine<long> SendFileAsync(Stream file, long offset = 0, long? count = null) =>
        await Send(new FileSending(file, offset, count));

    private async Coroutine<long> Send(FileSending file)
    {
        await DrainAsync(); // throws what a lost connection was lost by
        return _transport.IsClosing
            ? throw new InvalidOperationException("The writer is closing: no file can be sent any more.")
            : await _transport.SendFile(_loop, file, fallback: true);
    }
}
