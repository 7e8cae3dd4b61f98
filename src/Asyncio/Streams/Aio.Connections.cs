using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Connects to a server: <c>var (reader, writer) = await Aio.OpenConnection("localhost", 80)</c>. Asyncio: <c>open_connection()</c>.</summary>
    /// <param name="host">A name or an address; null or empty is this machine.</param>
    /// <param name="port">The port.</param>
    /// <param name="limit">See <see cref="AsyncStreamReader(int, EventLoop?)"/>.</param>
    /// <param name="family">Which kind of addresses; without it, all, in the order in which the system gives them.</param>
    /// <param name="localAddress">Where to connect from: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
    /// <param name="happyEyeballsDelay">After how many seconds the next address is tried while the one before has not answered; infinity waits until it has failed.</param>
    /// <exception cref="SocketException">The host has no address, or none of them answers (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Cancelled, it leaves no connection behind.</remarks>
    public static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenConnection(
        string? host,
        int port,
        int limit = AsyncStreamReader.DefaultLimit,
        AddressFamily family = AddressFamily.Unspecified,
        EndPoint? localAddress = null,
        double happyEyeballsDelay = double.PositiveInfinity) =>
        StreamConnections.Open(limit, null, new StreamConnections.To(host, port, family, localAddress, happyEyeballsDelay));

    /// <summary>Connects to a server over TLS, if <paramref name="ssl"/> says so. Asyncio: <c>open_connection(ssl=True)</c>.</summary>
    /// <inheritdoc cref="OpenConnection(string?, int, SslClientAuthenticationOptions, string?, int, TimeSpan?, TimeSpan?, AddressFamily, EndPoint?, double)"/>
    /// <param name="ssl">True: TLS with the system's defaults.</param>
    public static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenConnection(
        string? host,
        int port,
        bool ssl,
        string? serverHostname = null,
        int limit = AsyncStreamReader.DefaultLimit,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        EndPoint? localAddress = null,
        double happyEyeballsDelay = double.PositiveInfinity)
    {
        if (ssl)
        {
            return OpenConnection(
                host, port, new SslClientAuthenticationOptions(), serverHostname, limit, sslHandshakeTimeout, sslShutdownTimeout, family, localAddress, happyEyeballsDelay);
        }

        TlsSettings.RefuseWithout(serverHostname, sslHandshakeTimeout, sslShutdownTimeout);
        return OpenConnection(host, port, limit, family, localAddress, happyEyeballsDelay);
    }

    /// <summary>Connects to a server over TLS. Asyncio: <c>open_connection(ssl=context)</c>.</summary>
    /// <inheritdoc cref="OpenConnection(string?, int, int, AddressFamily, EndPoint?, double)"/>
    /// <param name="ssl">How.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>, and without one the host.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server has no certificate that is accepted, or speaks no TLS that both know (thrown at the await).</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for.</exception>
    public static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenConnection(
        string? host,
        int port,
        SslClientAuthenticationOptions ssl,
        string? serverHostname = null,
        int limit = AsyncStreamReader.DefaultLimit,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null,
        AddressFamily family = AddressFamily.Unspecified,
        EndPoint? localAddress = null,
        double happyEyeballsDelay = double.PositiveInfinity)
    {
        var tls = TlsSettings.ForClient(ssl, serverHostname, host, sslHandshakeTimeout, sslShutdownTimeout);
        return StreamConnections.Open(limit, tls, new StreamConnections.To(host, port, family, localAddress, happyEyeballsDelay));
    }

    /// <summary>Makes streams of a connected socket, which belongs to them from here on. Asyncio: <c>open_connection(sock=…)</c>.</summary>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="limit">See <see cref="AsyncStreamReader(int, EventLoop?)"/>.</param>
    /// <param name="ssl">TLS, and how. Null is without.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server has no certificate that is accepted, or speaks no TLS that both know (thrown at the await).</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for; or something is said of TLS without <paramref name="ssl"/>.</exception>
    /// <exception cref="SocketException">The socket is not connected; or the handshake takes too long (thrown at the await).</exception>
    /// <remarks>Acts when awaited.</remarks>
    public static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenConnection(
        Socket socket,
        int limit = AsyncStreamReader.DefaultLimit,
        SslClientAuthenticationOptions? ssl = null,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var tls = TlsSettings.ForClientOrNull(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout);
        return StreamConnections.Open(limit, tls, new StreamConnections.Over(socket));
    }

    /// <summary>Connects to a server on this machine. Asyncio: <c>open_unix_connection()</c>.</summary>
    /// <param name="path">The server's socket file; one that begins with a null character is an abstract name.</param>
    /// <param name="limit">See <see cref="AsyncStreamReader(int, EventLoop?)"/>.</param>
    /// <param name="ssl">TLS, and how. Null is without.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="SocketException">No server is there (thrown at the await).</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server has no certificate that is accepted, or speaks no TLS that both know (thrown at the await).</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for; or something is said of TLS without <paramref name="ssl"/>.</exception>
    /// <remarks>Acts when awaited. Cancelled, it leaves no connection behind.</remarks>
    public static Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> OpenUnixConnection(
        string path,
        int limit = AsyncStreamReader.DefaultLimit,
        SslClientAuthenticationOptions? ssl = null,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var tls = TlsSettings.ForClientOrNull(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout);
        return StreamConnections.Open(limit, tls, new StreamConnections.ToFile(path));
    }
}
