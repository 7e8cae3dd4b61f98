namespace Asyncio.Http;

/// <summary>No connection could be made: nothing was sent. Aiohttp: <c>ClientConnectorError</c>.</summary>
public class ClientConnectorException : ClientConnectionException
{
    /// <inheritdoc cref="ClientConnectorException"/>
    public ClientConnectorException()
    {
    }

    /// <inheritdoc cref="ClientConnectorException"/>
    public ClientConnectorException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientConnectorException"/>
    public ClientConnectorException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
