namespace Asyncio.Http;

/// <summary>A WebSocket was lost without a closing handshake, or the server broke the protocol. The connection is closed.</summary>
public sealed class ClientWebSocketException : ClientException
{
    /// <inheritdoc cref="ClientWebSocketException"/>
    public ClientWebSocketException()
    {
    }

    /// <inheritdoc cref="ClientWebSocketException"/>
    public ClientWebSocketException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientWebSocketException"/>
    public ClientWebSocketException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
