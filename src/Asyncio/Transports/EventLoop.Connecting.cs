using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// Connections that this side begins.
public sealed partial class EventLoop
{
    /// <summary>Connects to a server. Asyncio: <c>create_connection()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol when the connection is there.</param>
    /// <param name="host">A name or an address; null or empty is this machine.</param>
    /// <param name="port">The port.</param>
    /// <param name="ssl">TLS, and how: the protocol is told of the connection after the handshake. Null is without.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>, and without one the host.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <param name="family">Which kind of addresses; without it, all, in the order in which the system gives them.</param>
    /// <param name="localAddress">Where to connect from: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
    /// <param name="happyEyeballsDelay">After how many seconds the next address is tried while the one before has not answered; infinity waits until it has failed.</param>
    /// <param name="interleave">How many addresses of the first kind come before the kinds alternate; 0 leaves the order. Null is 1 with a delay, else 0.</param>
    /// <param name="allErrors">If no address answers: true throws all errors as an <see cref="ExceptionGroup"/>, false one that names them.</param>
    /// <exception cref="SocketException">The host has no address, or none of them answers; or the handshake takes too long.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer has no certificate that is accepted, or speaks no TLS that both know.</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for; or something is said of TLS without <paramref name="ssl"/>.</exception>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> CreateConnection<TProtocol>(
        Func<TProtocol> protocolFactory,
        string? host,
        int port,
        SslClientAuthenticationOptions? ssl = null,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        EndPoint? localAddress = null,
        double happyEyeballsDelay = double.PositiveInfinity,
        int? interleave = null,
        bool allErrors = false)
        where TProtocol : BaseProtocol
    {
        var tls = TlsSettings.ForClientOrNull(ssl, serverHostname, host, sslHandshakeTimeout, sslShutdownTimeout);
        return await CreateConnection(protocolFactory, tls, host, port, family, localAddress, happyEyeballsDelay, interleave, allErrors);
    }

    internal async Coroutine<(Transport Transport, TProtocol Protocol)> CreateConnection<TProtocol>(
        Func<TProtocol> protocolFactory,
        TlsSettings? tls,
        string? host,
        int port,
        AddressFamily family,
        EndPoint? localAddress,
        double happyEyeballsDelay,
        int? interleave = null,
        bool allErrors = false)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        Durations.Delay(happyEyeballsDelay, nameof(happyEyeballsDelay));
        ArgumentOutOfRangeException.ThrowIfNegative(interleave ?? 0, nameof(interleave));
        var addresses = await Resolve(host, port, family);
        var local = localAddress is null ? null : await Resolve(localAddress, family);
        var ahead = interleave ?? (double.IsPositiveInfinity(happyEyeballsDelay) ? 0 : 1);
        var race = new ConnectionRace(this, AddressOrder.Interleave(addresses, ahead), local);
        if (await race.Run(happyEyeballsDelay) is not { } socket)
        {
            throw allErrors ? new ExceptionGroup("create_connection failed", race.Errors) : SocketErrors.Combine(race.Errors);
        }

        return await Connect(socket, protocolFactory, tls);
    }

    /// <summary>Makes a transport of a connected socket, which belongs to it from here on. Asyncio: <c>create_connection(sock=…)</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="ssl">TLS as the client, and how: the protocol is told of the connection after the handshake. Null is without.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer has no certificate that is accepted, or speaks no TLS that both know.</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for; or something is said of TLS without <paramref name="ssl"/>.</exception>
    /// <exception cref="SocketException">The socket is not connected; or the handshake takes too long.</exception>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> CreateConnection<TProtocol>(
        Func<TProtocol> protocolFactory,
        Socket socket,
        SslClientAuthenticationOptions? ssl = null,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null)
        where TProtocol : BaseProtocol
    {
        var tls = TlsSettings.ForClientOrNull(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout);
        return await Connect(socket, protocolFactory, tls);
    }

    /// <summary>Makes a transport of a socket that was accepted elsewhere, which belongs to it from here on. Asyncio: <c>connect_accepted_socket()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="ssl">TLS as the server, and how: the protocol is told of the connection after the handshake. Null is without.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer speaks no TLS that both know, or has no certificate where one is wanted.</exception>
    /// <exception cref="SocketException">The socket is not connected; or the handshake takes too long.</exception>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> ConnectAcceptedSocket<TProtocol>(
        Func<TProtocol> protocolFactory,
        Socket socket,
        SslServerAuthenticationOptions? ssl = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null)
        where TProtocol : BaseProtocol
    {
        return await Connect(socket, protocolFactory, TlsSettings.ForServerOrNull(ssl, sslHandshakeTimeout, sslShutdownTimeout));
    }

    /// <summary>Connects to a server on this machine. Asyncio: <c>create_unix_connection()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol when the connection is there.</param>
    /// <param name="path">The server's socket file; one that begins with a null character is an abstract name.</param>
    /// <param name="ssl">TLS, and how: the protocol is told of the connection after the handshake. Null is without.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="SocketException">No server is there; or the handshake takes too long.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer has no certificate that is accepted, or speaks no TLS that both know.</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for; or something is said of TLS without <paramref name="ssl"/>.</exception>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> CreateUnixConnection<TProtocol>(
        Func<TProtocol> protocolFactory,
        string path,
        SslClientAuthenticationOptions? ssl = null,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null)
        where TProtocol : BaseProtocol
    {
        var tls = TlsSettings.ForClientOrNull(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout);
        return await CreateUnixConnection(protocolFactory, tls, path);
    }

    internal async Coroutine<(Transport Transport, TProtocol Protocol)> CreateUnixConnection<TProtocol>(
        Func<TProtocol> protocolFactory, TlsSettings? tls, string path)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var socket = SocketErrors.Open(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await SockConnect(socket, new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            CloseBorrowed(socket);
            throw;
        }

        return await Connect(socket, protocolFactory, tls);
    }

    /// <summary>Closes a socket of ours that operations were made on, but no transport.</summary>
    internal void CloseBorrowed(Socket socket)
    {
        Borrowed.Detach(socket);
        socket.Dispose();
    }

    /// <param name="socket">A connected stream socket. One that is none of these stays the caller's; if anything else fails it is closed.</param>
    internal Coroutine<(Transport Transport, TProtocol Protocol)> Connect<TProtocol>(Socket socket, Func<TProtocol> protocolFactory, TlsSettings? tls)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        CheckStream(socket);
        SocketNames.CheckConnected(socket);
        return tls is null ? Connect(socket, protocolFactory) : ConnectSecured(socket, protocolFactory, tls);
    }

    private async Coroutine<(Transport Transport, TProtocol Protocol)> Connect<TProtocol>(Socket socket, Func<TProtocol> protocolFactory)
        where TProtocol : BaseProtocol
    {
        var begun = CreateFuture<Unit>();
        TProtocol protocol;
        SocketTransport transport;
        try
        {
            protocol = protocolFactory();
            transport = new SocketTransport(this, socket, protocol, begun, ThreadContext.Inherit());
        }
        catch
        {
            CloseBorrowed(socket);
            throw;
        }

        await OrClose(begun, transport);
        return (transport, protocol);
    }

    /// <summary>Waits until the transport has begun. Who is cancelled meanwhile has no use for it.</summary>
    private static async Coroutine OrClose(Future<Unit> begun, BaseTransport transport)
    {
        try
        {
            await begun;
        }
        catch
        {
            transport.Close();
            throw;
        }
    }

    private void CheckStream(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Borrowed.CheckFree(socket);
        if (socket.SocketType != SocketType.Stream)
        {
            throw new ArgumentException($"A stream socket was expected, not one of the type {socket.SocketType}.", nameof(socket));
        }
    }
}
