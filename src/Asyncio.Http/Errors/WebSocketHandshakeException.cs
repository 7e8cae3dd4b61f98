namespace Asyncio.Http;

/// <summary>The server answered the request for a WebSocket with something else: <see cref="ClientResponseException.Status"/> says what. Aiohttp: <c>WSServerHandshakeError</c>.</summary>
public sealed class WebSocketHandshakeException : ClientResponseException
{
    /// <inheritdoc cref="WebSocketHandshakeException"/>
    public WebSocketHandshakeException()
    {
    }

    /// <inheritdoc cref="WebSocketHandshakeException"/>
    public WebSocketHandshakeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="WebSocketHandshakeException"/>
    public WebSocketHandshakeException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
