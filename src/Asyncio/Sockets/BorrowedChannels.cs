using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// The channels of sockets and pipes that belong to the user, who closes them: kept for the next operation, forgotten once they are closed.
/// Also knows which sockets belong to a transport: two channels would take each other's events.
/// </summary>
internal sealed class BorrowedChannels(EventLoop loop)
{
    private const int FirstSweep = 64;

    private readonly Dictionary<SafeHandle, Channel> _channels = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<SafeHandle> _ofTransports = new(ReferenceEqualityComparer.Instance);
    private int _sweepAt = FirstSweep;

    /// <summary>A socket and its handle are one: two channels would be on the same descriptor.</summary>
    internal static SafeHandle KeyOf(object handle) => handle is Socket socket ? socket.SafeHandle : (SafeHandle)handle;

    /// <param name="handle">A socket, or the handle of a socket, a pipe or a terminal.</param>
    /// <exception cref="InvalidOperationException">It belongs to a transport.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal Channel Of(object handle)
    {
        var key = KeyOf(handle);
        if (_channels.TryGetValue(key, out var channel) && !key.IsClosed)
        {
            return channel;
        }

        if (_ofTransports.Contains(key))
        {
            throw new InvalidOperationException("The socket is used by a transport.");
        }

        ObjectDisposedException.ThrowIf(key.IsClosed, handle);
        channel = AsSocket(handle) is { } socket ? loop.Reactor.Open(socket) : loop.Reactor.Open(key);
        if (_channels.Count >= _sweepAt)
        {
            Sweep();
        }

        channel.LeavesOpen = true;
        _channels[key] = channel;
        return channel;
    }

    /// <summary>Before a socket of the user's is taken over. What has failed later closes it: never that of another transport.</summary>
    /// <exception cref="InvalidOperationException">It belongs to a transport.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal void CheckFree(Socket socket)
    {
        if (IsOfTransport(socket))
        {
            throw new InvalidOperationException("The socket is used by a transport already.");
        }

        ObjectDisposedException.ThrowIf(socket.SafeHandle.IsClosed, socket);
    }

    internal bool IsOfTransport(Socket socket) => _ofTransports.Contains(socket.SafeHandle);

    /// <summary>For a transport, which owns the socket from here on.</summary>
    internal Channel HandOver(Socket socket)
    {
        if (!_ofTransports.Add(socket.SafeHandle))
        {
            throw new InvalidOperationException("The socket is used by a transport already.");
        }

        if (_channels.Remove(socket.SafeHandle, out var channel) && !channel.Handle.IsClosed)
        {
            if (ReferenceEquals(channel.Socket, socket))
            {
                channel.LeavesOpen = false;
                return channel;
            }

            channel.Close();
        }

        return loop.Reactor.Open(socket);
    }

    /// <summary>A transport has closed its socket.</summary>
    internal void Closed(Socket socket) => _ofTransports.Remove(socket.SafeHandle);

    /// <summary>Ends what is under way on it and forgets it; the handle stays open.</summary>
    internal void Detach(object handle)
    {
        if (_channels.Remove(KeyOf(handle), out var channel))
        {
            channel.Close();
        }
    }

    /// <summary>Null for what is no socket.</summary>
    private static Socket? AsSocket(object handle)
    {
        if (handle is not SafeSocketHandle of)
        {
            return handle as Socket;
        }

        var socket = new Socket(of);
        GC.SuppressFinalize(socket); // it is the user's, who closes it
        return socket;
    }

    private void Sweep()
    {
        foreach (var (handle, channel) in _channels)
        {
            if (channel.Handle.IsClosed)
            {
                channel.Close();
                _channels.Remove(handle);
            }
        }

        _sweepAt = Math.Max(FirstSweep, _channels.Count * 2);
    }
}
