using System.Net.Security;
using Asyncio.LowLevel;

namespace Asyncio;

// From plain text to TLS.
public sealed partial class AsyncStreamWriter
{
    /// <summary>Secures the open connection, as the client; reader and writer go on over it. Asyncio: <c>start_tls()</c>.</summary>
    /// <param name="ssl">How.</param>
    /// <param name="serverHostname">The name that the server's certificate must have; null is that of <paramref name="ssl"/>.</param>
    /// <param name="sslHandshakeTimeout">How long the handshake may take; null is 60 seconds.</param>
    /// <param name="sslShutdownTimeout">How long closing may take; null is 30 seconds.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer has no certificate that is accepted, or speaks no TLS that both know (thrown at the await). The connection is closed.</exception>
    /// <exception cref="ArgumentException">There is no name that the certificate could be checked for.</exception>
    /// <exception cref="InvalidOperationException">A read waits (thrown at the await).</exception>
    /// <remarks>Drains first. What has come and is not read yet is taken for the beginning of the handshake. Cancelled, it closes the connection.</remarks>
    public Coroutine StartTlsAsync(
        SslClientAuthenticationOptions ssl, string? serverHostname = null, TimeSpan? sslHandshakeTimeout = null, TimeSpan? sslShutdownTimeout = null) =>
        Upgrade(TlsSettings.ForClient(ssl, serverHostname, null, sslHandshakeTimeout, sslShutdownTimeout));

    /// <summary>Secures the open connection, as the server; reader and writer go on over it. Asyncio: <c>start_tls()</c>.</summary>
    /// <inheritdoc cref="StartTlsAsync(SslClientAuthenticationOptions, string?, TimeSpan?, TimeSpan?)"/>
    public Coroutine StartTlsAsync(SslServerAuthenticationOptions ssl, TimeSpan? sslHandshakeTimeout = null, TimeSpan? sslShutdownTimeout = null) =>
        Upgrade(TlsSettings.ForServer(ssl, sslHandshakeTimeout, sslShutdownTimeout));

    private async Coroutine Upgrade(TlsSettings settings)
    {
        await DrainAsync();
        var secured = await _loop.Secure(_transport, _protocol, settings, Reader.TakeForUpgrade());
        _transport = secured;
        _protocol.ReplaceTransport(secured);
        secured.PumpSoon();
    }
}
