using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

// Connections that others begin.
public sealed partial class EventLoop
{
    private const int DefaultBacklog = 100;

    private DescriptorReserve? _reserve; // from the first server that serves until the loop closes

    internal DescriptorReserve Reserve => _reserve ??= new DescriptorReserve();

    /// <summary>Listens for connections. Asyncio: <c>create_server()</c>.</summary>
    /// <param name="protocolFactory">Makes a protocol for each connection.</param>
    /// <param name="host">The name or address to listen on; null or empty is all interfaces.</param>
    /// <param name="port">The port; 0 lets the system choose, see <see cref="Server.Sockets"/>.</param>
    /// <param name="ssl">TLS, and how: a protocol is told of its connection after the handshake, and never if that fails. Null is without.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <param name="family">Which kind of addresses; without it, all.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <param name="reusePort">True lets other sockets listen on the same address, if all say so.</param>
    /// <param name="keepAlive">True has the system look from time to time whether an idle peer is still there.</param>
    /// <param name="startServing">False leaves that to <see cref="Server.StartServingAsync"/> or <see cref="Server.ServeForeverAsync"/>.</param>
    /// <exception cref="SocketException">An address is in use, may not be used, or there is none.</exception>
    [OverloadResolutionPriority(1)]
    public Coroutine<Server> CreateServer(
        Func<BaseProtocol> protocolFactory,
        string? host,
        int port,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        int backlog = DefaultBacklog,
        bool reusePort = false,
        bool keepAlive = false,
        bool startServing = true) =>
        CreateServer(protocolFactory, [host], port, ssl, sslHandshakeTimeout, sslShutdownTimeout, family, backlog, reusePort, keepAlive, startServing);

    /// <inheritdoc cref="CreateServer(Func{BaseProtocol}, string?, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool, bool)"/>
    /// <param name="hosts">The names or addresses to listen on. What several of them stand for is listened on once.</param>
    public async Coroutine<Server> CreateServer(
        Func<BaseProtocol> protocolFactory,
        IEnumerable<string?> hosts,
        int port,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        int backlog = DefaultBacklog,
        bool reusePort = false,
        bool keepAlive = false,
        bool startServing = true)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var factory = Securing(protocolFactory, ssl, sslHandshakeTimeout, sslShutdownTimeout);
        var found = await Aio.GatherAll(hosts.Select(host => Resolve(host, port, family, passive: true)));
        var sockets = ListeningSockets.Bind([.. found.SelectMany(addresses => addresses).Distinct()], reusePort, keepAlive);
        return await Serve(new Server(this, sockets, factory, backlog), startServing);
    }

    /// <summary>Listens on a socket that is bound already, which belongs to the server from here on. Asyncio: <c>create_server(sock=…)</c>.</summary>
    /// <inheritdoc cref="CreateServer(Func{BaseProtocol}, string?, int, SslServerAuthenticationOptions?, TimeSpan?, TimeSpan?, AddressFamily, int, bool, bool, bool)"/>
    /// <param name="socket">A bound stream socket.</param>
    public async Coroutine<Server> CreateServer(
        Func<BaseProtocol> protocolFactory,
        Socket socket,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true)
    {
        var factory = Securing(protocolFactory, ssl, sslHandshakeTimeout, sslShutdownTimeout);
        CheckStream(socket);
        return await Serve(new Server(this, [socket], factory, backlog), startServing);
    }

    /// <summary>
    /// Listens on a socket file, for connections from this machine. A socket file that was left behind is removed first; the server's own is
    /// removed when it closes, unless it is another's by then. Asyncio: <c>create_unix_server()</c>.
    /// </summary>
    /// <param name="protocolFactory">Makes a protocol for each connection.</param>
    /// <param name="path">The file; one that begins with a null character is an abstract name, without a file.</param>
    /// <param name="ssl">TLS, and how: a protocol is told of its connection after the handshake, and never if that fails. Null is without.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <param name="startServing">False leaves that to <see cref="Server.StartServingAsync"/> or <see cref="Server.ServeForeverAsync"/>.</param>
    /// <param name="cleanupSocket">False leaves the file when the server closes.</param>
    /// <exception cref="SocketException">The address is in use, also by a file that is no socket.</exception>
    public async Coroutine<Server> CreateUnixServer(
        Func<BaseProtocol> protocolFactory,
        string path,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        int backlog = DefaultBacklog,
        bool startServing = true,
        bool cleanupSocket = true)
    {
        var factory = Securing(protocolFactory, ssl, sslHandshakeTimeout, sslShutdownTimeout);
        ArgumentException.ThrowIfNullOrEmpty(path);
        UnixSocketFile.RemoveStale(path, this);
        var socket = SocketErrors.Open(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            UnixSocketFile.Bind(socket, path);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await Serve(new Server(this, [socket], factory, backlog, cleanupSocket ? UnixSocketFile.Of(path) : null), startServing);
    }

    private static async Coroutine<Server> Serve(Server server, bool startServing)
    {
        try
        {
            if (startServing)
            {
                await server.StartServingAsync();
            }
        }
        catch
        {
            server.Close();
            throw;
        }

        return server;
    }
}
