using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

// Callbacks when something can be read or written.
public sealed partial class EventLoop
{
    private const string WatchTwin = "Coroutines cannot be called back. Start a task in the callback, or await SockRecv and the like. (A body that never returns is taken for a coroutine too: cast it to Action.)";

    private Dictionary<(SafeHandle Handle, IoKind Kind), Watch>? _readiness;

    /// <summary>
    /// Calls <paramref name="callback"/> in each iteration in which there is something to read from the socket. Replaces the callback of
    /// before. Asyncio: <c>add_reader()</c>.
    /// </summary>
    /// <param name="socket">It stays the caller's: to be removed before it is closed.</param>
    /// <param name="callback">What to call. An exception it throws goes to the exception handler.</param>
    /// <exception cref="InvalidOperationException">The socket is used by a transport, or the loop is closed.</exception>
    public void AddReader(Socket socket, Action callback) => AddWatch(socket, IoKind.WaitReadable, callback);

    /// <inheritdoc cref="AddReader(Socket, Action)"/>
    /// <param name="pipe">A pipe or a terminal; the handle of a socket means the socket. It stays the caller's: to be removed before it is closed.</param>
    public void AddReader(SafeHandle pipe, Action callback) => AddWatch(pipe, IoKind.WaitReadable, callback);

    /// <summary>
    /// Calls <paramref name="callback"/> in each iteration in which the socket can be written to. Replaces the callback of before.
    /// Asyncio: <c>add_writer()</c>.
    /// </summary>
    /// <inheritdoc cref="AddReader(Socket, Action)"/>
    public void AddWriter(Socket socket, Action callback) => AddWatch(socket, IoKind.WaitWritable, callback);

    /// <inheritdoc cref="AddWriter(Socket, Action)"/>
    /// <param name="pipe">A pipe or a terminal; the handle of a socket means the socket. It stays the caller's: to be removed before it is closed.</param>
    public void AddWriter(SafeHandle pipe, Action callback) => AddWatch(pipe, IoKind.WaitWritable, callback);

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete(WatchTwin, error: true)]
    public void AddReader(Socket socket, Func<Coroutine> callback) => throw new NotSupportedException();

    /// <inheritdoc cref="AddReader(Socket, Func{Coroutine})"/>
    [Obsolete(WatchTwin, error: true)]
    public void AddReader(SafeHandle pipe, Func<Coroutine> callback) => throw new NotSupportedException();

    /// <inheritdoc cref="AddReader(Socket, Func{Coroutine})"/>
    [Obsolete(WatchTwin, error: true)]
    public void AddWriter(Socket socket, Func<Coroutine> callback) => throw new NotSupportedException();

    /// <inheritdoc cref="AddReader(Socket, Func{Coroutine})"/>
    [Obsolete(WatchTwin, error: true)]
    public void AddWriter(SafeHandle pipe, Func<Coroutine> callback) => throw new NotSupportedException();

    /// <summary>No more calls. Asyncio: <c>remove_reader()</c>.</summary>
    /// <returns>False if there was no callback.</returns>
    /// <exception cref="InvalidOperationException">The socket is used by a transport.</exception>
    public bool RemoveReader(Socket socket) => RemoveWatch(socket, IoKind.WaitReadable);

    /// <inheritdoc cref="RemoveReader(Socket)"/>
    public bool RemoveReader(SafeHandle pipe) => RemoveWatch(pipe, IoKind.WaitReadable);

    /// <summary>No more calls. Asyncio: <c>remove_writer()</c>.</summary>
    /// <returns>False if there was no callback.</returns>
    /// <exception cref="InvalidOperationException">The socket is used by a transport.</exception>
    public bool RemoveWriter(Socket socket) => RemoveWatch(socket, IoKind.WaitWritable);

    /// <inheritdoc cref="RemoveWriter(Socket)"/>
    public bool RemoveWriter(SafeHandle pipe) => RemoveWatch(pipe, IoKind.WaitWritable);

    private void AddWatch(object handle, IoKind kind, Action callback)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(callback);
        CheckCall();
        var channel = Borrowed.Of(handle);
        RemoveWatch(handle, kind);
        _readiness ??= [];
        _readiness.Add((BorrowedChannels.KeyOf(handle), kind), new Watch(this, channel, kind, callback));
    }

    private bool RemoveWatch(object handle, IoKind kind)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (_readiness?.Remove((BorrowedChannels.KeyOf(handle), kind), out var watch) != true)
        {
            return handle is Socket socket && Borrowed.IsOfTransport(socket)
                ? throw new InvalidOperationException("The socket is used by a transport.")
                : false;
        }

        watch!.Cancel();
        return true;
    }
}
