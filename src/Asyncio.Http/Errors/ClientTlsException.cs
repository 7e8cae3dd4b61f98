namespace Asyncio.Http;

/// <summary>The TLS handshake failed, or the certificate is not to be trusted. Aiohttp: <c>ClientConnectorSSLError</c>, <c>ClientConnectorCertificateError</c>.</summary>
public sealed class ClientTlsException : ClientConnectorException
{
    /// <inheritdoc cref="ClientTlsException"/>
    public ClientTlsException()
    {
    }

    /// <inheritdoc cref="ClientTlsException"/>
    public ClientTlsException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientTlsException"/>
    public ClientTlsException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
