namespace Asyncio.Http;

/// <summary>The connection was lost before the head of the answer had come. Aiohttp: <c>ServerDisconnectedError</c>.</summary>
public sealed class ServerDisconnectedException : ClientConnectionException
{
    /// <inheritdoc cref="ServerDisconnectedException"/>
    public ServerDisconnectedException()
    {
    }

    /// <inheritdoc cref="ServerDisconnectedException"/>
    public ServerDisconnectedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ServerDisconnectedException"/>
    public ServerDisconnectedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
