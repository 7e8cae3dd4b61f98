using System.Net.Security;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

// TLS on connections that are open.
public sealed partial class EventLoop
{
    /// <summary>Secures an open connection, as the client. Asyncio: <c>start_tls()</c>.</summary>
    /// <param name="transport">The connection; not to be used from here on.</param>
    /// <param name="protocol">Whose callbacks go on, over the transport that this gives; it is not told of a new connection.</param>
    /// <param name="ssl">How.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <returns>The transport to use from here on.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer has no certificate that is accepted, or speaks no TLS that both know (thrown at the await). The connection is closed.</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for.</exception>
    public Coroutine<Transport> StartTls(
        Transport transport,
        BaseProtocol protocol,
        SslClientAuthenticationOptions ssl,
        string? serverHostname = null,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null) =>
        StartTls(transport, protocol, TlsSettings.ForClient(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout));

    /// <summary>Secures an open connection, as the server. Asyncio: <c>start_tls(server_side=True)</c>.</summary>
    /// <inheritdoc cref="StartTls(Transport, BaseProtocol, SslClientAuthenticationOptions, string?, TimeSpan?, TimeSpan?)"/>
    public Coroutine<Transport> StartTls(
        Transport transport,
        BaseProtocol protocol,
        SslServerAuthenticationOptions ssl,
        TimeSpan? sslHandshakeTimeout = null,
        TimeSpan? sslShutdownTimeout = null) =>
        StartTls(transport, protocol, TlsSettings.ForServer(ssl, sslHandshakeTimeout, sslShutdownTimeout));

    /// <summary>For a server: what stands between its connections and the protocols.</summary>
    private Func<BaseProtocol> Securing(
        Func<BaseProtocol> protocolFactory, SslServerAuthenticationOptions? ssl, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        return TlsSettings.ForServerOrNull(ssl, handshakeTimeout, shutdownTimeout) is { } tls
            ? () => new TlsProtocol(this, tls, protocolFactory(), isAccepted: true)
            : protocolFactory;
    }

    /// <summary>Makes a connection of the socket, and the handshake on it. The protocol is told of it then.</summary>
    private async Coroutine<(Transport Transport, TProtocol Protocol)> ConnectSecured<TProtocol>(Socket socket, Func<TProtocol> protocolFactory, TlsSettings tls)
        where TProtocol : BaseProtocol
    {
        TProtocol protocol = null!;
        var (_, below) = await Connect(socket, () => new TlsProtocol(this, tls, protocol = protocolFactory(), isAccepted: false));
        var secured = await below.HandshakeAsync();
        var begun = CreateFuture<Unit>();
        secured.BeginSoon(begun);
        await OrClose(begun, secured);
        return (secured, protocol);
    }

    private async Coroutine<Transport> StartTls(Transport transport, BaseProtocol protocol, TlsSettings settings)
    {
        var secured = await Secure(transport, protocol, settings, []);
        secured.PumpSoon();
        return secured;
    }

    /// <summary>Secures an open connection. Nothing is received before <see cref="TlsTransport.PumpSoon"/>.</summary>
    internal async Coroutine<TlsTransport> Secure(Transport transport, BaseProtocol protocol, TlsSettings settings, byte[] early)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(protocol);
        if (transport.IsClosing)
        {
            throw ConnectionErrors.Lost();
        }

        var below = new TlsProtocol(this, settings, protocol, isAccepted: false);
        below.TakeOver(transport, early);
        return await below.HandshakeAsync();
    }
}
