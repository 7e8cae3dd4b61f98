namespace Asyncio.Http;

/// <summary>What a WebSocket is asked for with. Aiohttp: the arguments of <c>ws_connect()</c>.</summary>
public sealed class WebSocketOptions
{
    /// <summary>Headers of the request, beside the session's.</summary>
    public RequestHeaders Headers { get; init; } = [];

    /// <summary>Parameters that are added to the URL's query, escaped.</summary>
    public FieldList Query { get; init; } = [];

    /// <summary>Subprotocols, the best first; the server chooses one.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>Every so many seconds the server is pinged, and lost if it does not answer as long; 0 is never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to a day.</exception>
    public double Heartbeat { get; init => field = value is >= 0 and <= 86_400 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Seconds, from 0 to a day."); }

    /// <summary>The most bytes that a message may have; 4 MiB unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxMessageSize { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 byte."); } = 4 << 20;

    /// <summary>How many seconds closing waits for the server's answer; then the connection is cut.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double CloseTimeout { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Seconds above 0."); } = 10;

    internal static WebSocketOptions None { get; } = new();
}
