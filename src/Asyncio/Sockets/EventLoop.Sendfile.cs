using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// Files that are sent over a connection.
public sealed partial class EventLoop
{
    /// <summary>
    /// Sends a file over a socket: by the system's <c>sendfile</c>, without a copy in this process, where the file is a
    /// <see cref="FileStream"/> and the reactor io_uring or epoll; else by reading and sending. Asyncio: <c>sock_sendfile()</c>.
    /// </summary>
    /// <param name="socket">A connected stream socket. It stays the caller's.</param>
    /// <param name="file">A file that can seek; not to be used before this has ended.</param>
    /// <param name="offset">Where in the file to begin, in bytes.</param>
    /// <param name="count">How many bytes; null is up to its end.</param>
    /// <param name="fallback">False: if the system cannot do it by itself, that is an error.</param>
    /// <returns>How many bytes were sent: less than <paramref name="count"/> if the file is shorter.</returns>
    /// <exception cref="ArgumentException">The socket is for datagrams, or the file cannot be read or cannot seek.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative, or <paramref name="count"/> is not positive.</exception>
    /// <exception cref="SendfileNotAvailableException">The system cannot do it, and <paramref name="fallback"/> is false (thrown at the await); nothing was sent.</exception>
    /// <exception cref="SocketException">The connection is lost (thrown at the await).</exception>
    /// <remarks>
    /// Acts when awaited; always suspends. The disk is waited for in one of the loop's file threads. However it ends, by an error or a
    /// cancellation, too: if something was sent, the file's position is behind it, exactly; if nothing was, it is as before.
    /// </remarks>
    public Coroutine<long> SockSendfile(Socket socket, Stream file, long offset = 0, long? count = null, bool fallback = true)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var sending = new FileSending(file, offset, count);
        if (socket.SocketType != SocketType.Stream)
        {
            throw new ArgumentException("Only a stream socket can send a file.", nameof(socket));
        }

        return Send();

        async Coroutine<long> Send() => await sending.Through(this, Borrowed.Of(socket), fallback);
    }

    /// <summary>
    /// Sends a file over a transport, as <see cref="SockSendfile"/> does, behind what was written before. Over TLS it is copied.
    /// Asyncio: <c>sendfile()</c>.
    /// </summary>
    /// <param name="transport">A connection of this loop's, plain or with TLS. Until this has ended nothing may be written to it, and it does not receive.</param>
    /// <param name="file">A file that can seek; not to be used before this has ended.</param>
    /// <param name="offset">Where in the file to begin, in bytes.</param>
    /// <param name="count">How many bytes; null is up to its end.</param>
    /// <param name="fallback">False: if the system cannot do it by itself, that is an error; over TLS it never can.</param>
    /// <returns>How many bytes were sent (over TLS: written): less than <paramref name="count"/> if the file is shorter.</returns>
    /// <exception cref="ArgumentException">The file cannot be read or cannot seek.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative, or <paramref name="count"/> is not positive.</exception>
    /// <exception cref="InvalidOperationException">The transport is closing, its writing side has ended, or a file is being sent over it (thrown at the await).</exception>
    /// <exception cref="NotSupportedException">The transport is neither a socket's nor TLS, but a pipe's for instance (thrown at the await).</exception>
    /// <exception cref="SendfileNotAvailableException">The system cannot do it, and <paramref name="fallback"/> is false (thrown at the await); nothing was sent.</exception>
    /// <exception cref="SocketException">The connection is lost (thrown at the await).</exception>
    /// <remarks>
    /// Acts when awaited; always suspends. A <see cref="BaseTransport.Close"/> meanwhile takes effect when the file is sent. However it ends, by
    /// an error or a cancellation, too: if something was sent, the file's position is behind it, exactly; if nothing was, it is as before.
    /// </remarks>
    public Coroutine<long> Sendfile(Transport transport, Stream file, long offset = 0, long? count = null, bool fallback = true)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var sending = new FileSending(file, offset, count);
        return Send();

        async Coroutine<long> Send() =>
            transport.IsClosing ? throw new InvalidOperationException("Transport is closing") : await transport.SendFile(this, sending, fallback);
    }
}
