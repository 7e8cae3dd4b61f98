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

    private readonly Dictionary<object, Channel> _channels = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Socket> _ofTransports = new(ReferenceEqualityComparer.Instance);
    private int _sweepAt = FirstSweep;

    /// <param name="handle">A socket, or the handle of a pipe or terminal.</param>
    /// <exception cref="InvalidOperationException">It belongs to a transport.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal Channel Of(object handle)
    {
        if (_channels.TryGetValue(handle, out var channel) && !channel.Handle.IsClosed)
        {
            return channel;
        }

        if (handle is Socket socket)
        {
            if (_ofTransports.Contains(socket))
            {
                throw new InvalidOperationException("The socket is used by a transport.");
            }

            ObjectDisposedException.ThrowIf(socket.SafeHandle.IsClosed, socket);
            channel = loop.Reactor.Open(socket);
        }
        else
        {
            channel = loop.Reactor.Open((SafeHandle)handle);
        }

        if (_channels.Count >= _sweepAt)
        {
            Sweep();
        }

        channel.LeavesOpen = true;
        _channels[handle] = channel;
        return channel;
    }

    /// <summary>Before a socket of the user's is taken over. What has failed later closes it: never that of another transport.</summary>
    /// <exception cref="InvalidOperationException">It belongs to a transport.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal void CheckFree(Socket socket)
    {
        if (_ofTransports.Contains(socket))
        {
            throw new InvalidOperationException("The socket is used by a transport already.");
        }

        ObjectDisposedException.ThrowIf(socket.SafeHandle.IsClosed, socket);
    }

    internal bool IsOfTransport(Socket socket) => _ofTransports.Contains(socket);

    /// <summary>For a transport, which owns the socket from here on.</summary>
    internal Channel HandOver(Socket socket)
    {
        if (!_ofTransports.Add(socket))
        {
            throw new InvalidOperationException("The socket is used by a transport already.");
        }

        if (_channels.Remove(socket, out var channel) && !channel.Handle.IsClosed)
        {
            channel.LeavesOpen = false;
            return channel;
        }

        return loop.Reactor.Open(socket);
    }

    /// <summary>A transport has closed its socket.</summary>
    internal void Closed(Socket socket) => _ofTransports.Remove(socket);

    /// <summary>Ends what is under way on it and forgets it; the handle stays open.</summary>
    internal void Detach(object handle)
    {
        if (_channels.Remove(handle, out var channel))
        {
            channel.Close();
        }
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
