using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>What a socket object knows of its connection. One that the reactor has connected or bound must be told so.</summary>
internal static class SocketNames
{
    private const int FamilySize = 2;

    internal static EndPoint? Local(Socket socket)
    {
        try
        {
            return socket.LocalEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    internal static EndPoint? Remote(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The address of who has none: whoever sends a datagram to a socket file need not have a file of its own.</summary>
    internal static EndPoint Nameless { get; } = new UnixDomainSocketEndPoint("/").Create(new SocketAddress(AddressFamily.Unix, FamilySize));

    /// <summary>Before a transport is made of it, which would be lost at once, and nobody told why.</summary>
    /// <exception cref="SocketException">It has no peer.</exception>
    internal static void CheckConnected(Socket socket)
    {
        // .NET does not know of a connection that was made behind its back.
        if (!socket.Connected && !HasPeer(socket))
        {
            throw SocketErrors.Make(
                SocketError.NotConnected, "The socket is not connected, or its peer is gone already. Connect it first, for instance by loop.SockConnect().");
        }
    }

    internal static EndPoint EndPointOf(SocketAddress address) => address.Size < FamilySize ? Nameless : address.Family switch
    {
        AddressFamily.InterNetwork => new IPEndPoint(IPAddress.Any, 0).Create(address),
        AddressFamily.InterNetworkV6 => new IPEndPoint(IPAddress.IPv6Any, 0).Create(address),
        _ => new UnixDomainSocketEndPoint("/").Create(address),
    };

    /// <summary>True for a socket of IPv6 that also takes addresses of IPv4, in the form of <see cref="Mapped"/>: .NET's usual constructor makes such.</summary>
    internal static bool IsDual(Socket socket) => socket.AddressFamily == AddressFamily.InterNetworkV6 && socket.DualMode;

    internal static EndPoint Mapped(EndPoint address) =>
        address is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } known ? new IPEndPoint(known.Address.MapToIPv6(), known.Port) : address;

    /// <summary>Without this a short message waits for the acknowledgement of the one before.</summary>
    internal static void TrySendAtOnce(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
        }
        catch (SocketException)
        {
            // The peer is gone already: the first receive tells.
        }
    }

    /// <summary>True if the system knows of a TCP connection that it is gone. Where it does not say, false.</summary>
    internal static bool IsDead(Socket socket)
    {
        const int TCP_INFO = 11;
        const byte TCP_CLOSE = 7;
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return false;
        }

        Span<byte> state = stackalloc byte[1]; // the first field of what could be asked for
        try
        {
            return socket.GetRawSocketOption((int)ProtocolType.Tcp, TCP_INFO, state) == 1 && state[0] == TCP_CLOSE;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The kernel has connected the socket without .NET's doing.</summary>
    internal static void SetConnected(Socket socket, EndPoint remote)
    {
        if (socket.Connected)
        {
            return;
        }

        try
        {
            RightEndPoint(socket) ??= remote;
            SetToConnected(socket);
        }
        catch (Exception e) when (e is MissingMemberException)
        {
            // A runtime whose sockets look different inside: then the socket's own properties know no peer.
        }
    }

    /// <summary>Otherwise .NET deletes the file when the socket is closed, also if it is another's by then.</summary>
    internal static void KeepFile(Socket socket, UnixDomainSocketEndPoint local)
    {
        try
        {
            RightEndPoint(socket) = local;
        }
        catch (Exception e) when (e is MissingMemberException)
        {
            // Then .NET deletes it.
        }
    }

    private static unsafe bool HasPeer(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Remote(socket) is not null;
        }

        var address = stackalloc byte[Libc.LongestAddress];
        var length = Libc.LongestAddress;
        return Libc.GetPeerName(socket.SafeHandle, address, &length) == 0;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetToConnected")]
    private static extern void SetToConnected(Socket socket);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_rightEndPoint")]
    private static extern ref EndPoint? RightEndPoint(Socket socket);
}
