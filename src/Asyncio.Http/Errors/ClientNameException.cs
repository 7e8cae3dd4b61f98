namespace Asyncio.Http;

/// <summary>The server's name, or the proxy's, could not be resolved. Aiohttp: <c>ClientConnectorDNSError</c>.</summary>
public sealed class ClientNameException : ClientConnectorException
{
    /// <inheritdoc cref="ClientNameException"/>
    public ClientNameException()
    {
    }

    /// <inheritdoc cref="ClientNameException"/>
    public ClientNameException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientNameException"/>
    public ClientNameException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
