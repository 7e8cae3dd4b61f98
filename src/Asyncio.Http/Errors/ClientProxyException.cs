namespace Asyncio.Http;

/// <summary>The proxy refused to connect to the server. Aiohttp: <c>ClientHttpProxyError</c>.</summary>
public sealed class ClientProxyException : ClientConnectorException
{
    /// <inheritdoc cref="ClientProxyException"/>
    public ClientProxyException()
    {
    }

    /// <inheritdoc cref="ClientProxyException"/>
    public ClientProxyException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientProxyException"/>
    public ClientProxyException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
