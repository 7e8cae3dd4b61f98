using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// Datagrams.
public sealed partial class EventLoop
{
    /// <summary>Makes an endpoint for datagrams. Asyncio: <c>create_datagram_endpoint()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="localAddress">
    /// Where it receives: an <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>; null leaves that to the system.
    /// A socket file that was left behind is replaced; this one's stays when it is closed.
    /// </param>
    /// <param name="remoteAddress">Where it sends to, and from whom alone it receives; null is any.</param>
    /// <param name="family">Which kind of addresses; needed if none is given.</param>
    /// <param name="reusePort">True lets other sockets use the same local address, if all say so.</param>
    /// <param name="allowBroadcast">True allows broadcasts; it then receives from anybody.</param>
    /// <exception cref="SocketException">An address is in use, may not be used, or there is none.</exception>
    public async Coroutine<(DatagramTransport Transport, TProtocol Protocol)> CreateDatagramEndpoint<TProtocol>(
        Func<TProtocol> protocolFactory,
        EndPoint? localAddress = null,
        EndPoint? remoteAddress = null,
        AddressFamily family = AddressFamily.Unspecified,
        bool reusePort = false,
        bool allowBroadcast = false)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        var pairs = await AddressPairs(localAddress, remoteAddress, family);
        SocketException? first = null;
        foreach (var (kind, local, remote) in pairs)
        {
            var socket = SocketErrors.Open(kind, SocketType.Dgram, ProtocolType.Unspecified);
            try
            {
                await Prepare(socket, local, allowBroadcast ? null : remote, reusePort, allowBroadcast);
            }
            catch (Exception e)
            {
                CloseBorrowed(socket);
                if (e is not SocketException error)
                {
                    throw;
                }

                first ??= error;
                continue;
            }

            return await Connect(socket, remote, protocolFactory);
        }

        throw first!;
    }

    /// <summary>Makes an endpoint of a datagram socket, which belongs to it from here on. Asyncio: <c>create_datagram_endpoint(sock=…)</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="socket">A datagram socket, bound or connected.</param>
    public async Coroutine<(DatagramTransport Transport, TProtocol Protocol)> CreateDatagramEndpoint<TProtocol>(Func<TProtocol> protocolFactory, Socket socket)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        ArgumentNullException.ThrowIfNull(socket);
        Borrowed.CheckFree(socket);
        if (socket.SocketType == SocketType.Stream)
        {
            throw new ArgumentException("A datagram socket was expected, not one for streams.", nameof(socket));
        }

        return await Connect(socket, null, protocolFactory);
    }

    private async Coroutine<(DatagramTransport Transport, TProtocol Protocol)> Connect<TProtocol>(
        Socket socket, EndPoint? remote, Func<TProtocol> protocolFactory)
        where TProtocol : BaseProtocol
    {
        var begun = CreateFuture<Unit>();
        TProtocol protocol;
        DatagramEndpoint transport;
        try
        {
            protocol = protocolFactory();
            transport = new DatagramEndpoint(this, socket, protocol, remote, begun);
        }
        catch
        {
            CloseBorrowed(socket);
            throw;
        }

        await OrClose(begun, transport);
        return (transport, protocol);
    }

    private async Coroutine Prepare(Socket socket, EndPoint? local, EndPoint? remote, bool reusePort, bool allowBroadcast)
    {
        if (reusePort)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }

        socket.EnableBroadcast = allowBroadcast;
        if (local is not null)
        {
            try
            {
                socket.Bind(local);
            }
            catch (SocketException e)
            {
                throw SocketErrors.Bind(e, local);
            }

            if (local is UnixDomainSocketEndPoint file)
            {
                SocketNames.KeepFile(socket, file);
            }
        }

        if (remote is not null)
        {
            await SockConnect(socket, remote);
        }
    }

    /// <summary>What can be used together: both of one kind.</summary>
    private async Coroutine<List<(AddressFamily Family, EndPoint? Local, EndPoint? Remote)>> AddressPairs(
        EndPoint? local, EndPoint? remote, AddressFamily family)
    {
        if (local is null && remote is null)
        {
            return family == AddressFamily.Unspecified
                ? throw new ArgumentException("Without an address the family is needed.", nameof(family))
                : [(family, null, null)];
        }

        if (local is UnixDomainSocketEndPoint || remote is UnixDomainSocketEndPoint)
        {
            if (local?.ToString() is { Length: > 0 } path && path[0] != '@')
            {
                UnixSocketFile.RemoveStale(path, this);
            }

            return [(AddressFamily.Unix, local, remote)];
        }

        EndPoint?[] locals = local is null ? [null] : [.. await Resolve(local, family, passive: true)];
        EndPoint?[] remotes = remote is null ? [null] : [.. await Resolve(remote, family)];
        var pairs = new List<(AddressFamily, EndPoint?, EndPoint?)>();
        foreach (var kind in locals.Concat(remotes).OfType<IPEndPoint>().Select(address => address.AddressFamily).Distinct())
        {
            var ours = Array.Find<EndPoint?>(locals, address => address is null || address.AddressFamily == kind);
            var theirs = Array.Find<EndPoint?>(remotes, address => address is null || address.AddressFamily == kind);
            if ((ours is not null || local is null) && (theirs is not null || remote is null))
            {
                pairs.Add((kind, ours, theirs));
            }
        }

        return pairs.Count > 0 ? pairs : throw new ArgumentException("The two addresses are of different kinds.", nameof(remote));
    }
}
