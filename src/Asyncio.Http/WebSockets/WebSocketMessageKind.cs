namespace Asyncio.Http;

/// <summary>What a message of a WebSocket is.</summary>
public enum WebSocketMessageKind
{
    /// <summary>Text, in <see cref="WebSocketMessage.Text"/>.</summary>
    Text,

    /// <summary>Bytes, in <see cref="WebSocketMessage.Data"/>.</summary>
    Binary,

    /// <summary>The end: nothing more comes. <see cref="AsyncWebSocket.CloseCode"/> says why.</summary>
    Close,
}
