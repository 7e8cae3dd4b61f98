namespace Asyncio.Http;

/// <summary>A connection could not be made, or was lost. Aiohttp: <c>ClientConnectionError</c>.</summary>
public class ClientConnectionException : ClientException
{
    /// <inheritdoc cref="ClientConnectionException"/>
    public ClientConnectionException()
    {
    }

    /// <inheritdoc cref="ClientConnectionException"/>
    public ClientConnectionException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientConnectionException"/>
    public ClientConnectionException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
