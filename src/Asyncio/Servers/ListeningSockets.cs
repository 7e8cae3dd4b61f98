using System.Net;
using System.Net.Sockets;

namespace Asyncio;

/// <summary>Makes the sockets of a server: one for each address.</summary>
internal static class ListeningSockets
{
    /// <summary>All or none. Addresses that this machine does not have are left out, if others remain.</summary>
    internal static List<Socket> Bind(IPEndPoint[] addresses, bool reusePort, bool keepAlive)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in addresses)
            {
                if (TryBind(address, reusePort, keepAlive) is { } socket)
                {
                    sockets.Add(socket);
                }
            }
        }
        catch
        {
            sockets.ForEach(static socket => socket.Dispose());
            throw;
        }

        return sockets.Count > 0
            ? sockets
            : throw SocketErrors.Make(SocketError.AddressNotAvailable, $"could not bind on any address out of [{string.Join<IPEndPoint>(", ", addresses)}]: this machine has none of them");
    }

    /// <summary>Null: there is no such address here.</summary>
    private static Socket? TryBind(IPEndPoint address, bool reusePort, bool keepAlive)
    {
        var socket = SocketErrors.Open(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (reusePort)
            {
                // On Unix .NET sets both: that others may use the port, and (as always) that it may be used again at once.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            if (keepAlive)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }

            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false; // the other kind of addresses has a socket of its own
            }

            socket.Bind(address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return e.SocketErrorCode == SocketError.AddressNotAvailable ? null : throw SocketErrors.Bind(e, address);
        }
    }
}
