using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asyncio.Http;

/// <summary>
/// The client's end of a WebSocket: <c>await using var socket = await session.WebSocketAsync(url);</c>, then <c>await foreach (var message in socket)</c>.
/// Aiohttp: <c>ClientWebSocketResponse</c>.
/// </summary>
/// <remarks>
/// One task may receive while others send. A receive that is cancelled loses nothing: what comes then is given to the next. A send that is cancelled while the
/// server takes nothing ends the connection, as part of a message may have gone. Pings are answered unseen.
/// </remarks>
public sealed class AsyncWebSocket : IAsyncEnumerable<WebSocketMessage>, IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Slot _slot;
    private readonly WebSocketOptions _options;
    private readonly AsyncLock _sending = new();
    private readonly byte[] _buffer = new byte[16_384];
    private AsyncTask<WebSocketMessage>? _receiving;
    private bool _receives;
    private bool _disposed;

    internal AsyncWebSocket(ClientWebSocket socket, Uri url, Slot slot, WebSocketOptions options)
    {
        _socket = socket;
        _slot = slot;
        _options = options;
        Url = url;
    }

    /// <summary>Where it is connected to.</summary>
    public Uri Url { get; }

    /// <summary>The subprotocol that the server chose; null if none.</summary>
    public string? Protocol => _socket.SubProtocol;

    /// <summary>True when no more can be sent.</summary>
    public bool IsClosed => _socket.State != WebSocketState.Open;

    /// <summary>The code that the server closed with, 1000 for a regular end; null if it has not.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>The server's words for it.</summary>
    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Sends text. Aiohttp: <c>send_str()</c>.</summary>
    /// <exception cref="ClientWebSocketException">The connection is lost or closed.</exception>
    /// <remarks>Suspends while others send, or the server takes nothing.</remarks>
    public Coroutine SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends bytes. Aiohttp: <c>send_bytes()</c>.</summary>
    /// <inheritdoc cref="SendTextAsync"/>
    public Coroutine SendBytesAsync(ReadOnlyMemory<byte> data) => SendAsync(data, WebSocketMessageType.Binary);

    /// <summary>Sends a value as JSON, in a message of text. Aiohttp: <c>send_json()</c>.</summary>
    /// <inheritdoc cref="SendTextAsync"/>
    [RequiresUnreferencedCode(RequestContent.ReflectionReason), RequiresDynamicCode(RequestContent.ReflectionReason)]
    public Coroutine SendJsonAsync<T>(T value) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web), WebSocketMessageType.Text);

    /// <inheritdoc cref="SendJsonAsync{T}(T)"/>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> knows of the type.</param>
    public Coroutine SendJsonAsync<T>(T value, JsonTypeInfo<T> typeInfo) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), WebSocketMessageType.Text);

    /// <summary>Waits for the next message. Aiohttp: <c>receive()</c>.</summary>
    /// <returns>The message; one of kind <see cref="WebSocketMessageKind.Close"/> at the end, again and again.</returns>
    /// <exception cref="ClientWebSocketException">The connection was lost, or the server broke the protocol, or the message is too large.</exception>
    /// <exception cref="InvalidOperationException">Another task receives already.</exception>
    public async Coroutine<WebSocketMessage> ReceiveAsync()
    {
        if (_receives)
        {
            throw new InvalidOperationException($"{Url}: another task receives already.");
        }

        _receives = true;
        try
        {
            // A task of its own: .NET's socket is lost with a receive that is cancelled.
            _receiving ??= Aio.CreateTask(ReadMessageAsync());
            var message = await Aio.Shield(_receiving);
            _receiving = null;
            return message;
        }
        catch when (_receiving?.IsCompleted == true)
        {
            _receiving = null;
            throw;
        }
        finally
        {
            _receives = false;
        }
    }

    /// <summary>The messages until the server closes.</summary>
    public async IAsyncEnumerator<WebSocketMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await ReceiveAsync() is { Kind: not WebSocketMessageKind.Close } message)
        {
            yield return message;
        }
    }

    /// <summary>Says goodbye and waits for the server's answer; messages that come meanwhile are dropped. Does nothing if it is closed. Aiohttp: <c>close()</c>.</summary>
    /// <param name="code">Why: 1000 is the regular end.</param>
    /// <param name="reason">The same in words.</param>
    /// <remarks>Suspends until the answer has come, at most for <see cref="WebSocketOptions.CloseTimeout"/>; then, or when it is cancelled, the connection is cut.</remarks>
    public async Coroutine CloseAsync(int code = 1000, string reason = "")
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        try
        {
            await Aio.Timeout(_options.CloseTimeout, async () =>
            {
                using (await _sending.AcquireAsync())
                {
                    await _socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, Aio.CancellationToken);
                }

                while (!_receives && (await ReceiveAsync()).Kind != WebSocketMessageKind.Close)
                {
                    // Too late to be of interest.
                }
            });
        }
        catch (Exception e) when (e is TimeoutException or WebSocketException or ClientWebSocketException)
        {
            // It ends all the same.
        }
        finally
        {
            _receiving?.Cancel();
            _socket.Abort();
        }
    }

    /// <summary>Closes it, if it is open, and gives its place to others.</summary>
    /// <inheritdoc cref="CloseAsync"/>
    public async Coroutine DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await CloseAsync();
        }
        finally
        {
            _receiving?.Cancel();
            _socket.Dispose();
            _slot.Leave();
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private async Coroutine SendAsync(ReadOnlyMemory<byte> data, WebSocketMessageType type)
    {
        using (await _sending.AcquireAsync())
        {
            try
            {
                await _socket.SendAsync(data, type, endOfMessage: true, Aio.CancellationToken);
            }
            catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                throw Lost(e);
            }
        }
    }

    private async Coroutine<WebSocketMessage> ReadMessageAsync()
    {
        if (_socket.State is WebSocketState.CloseReceived or WebSocketState.Closed)
        {
            return default(WebSocketMessage) with { Kind = WebSocketMessageKind.Close };
        }

        var message = new MemoryStream();
        var token = Aio.CancellationToken;
        try
        {
            while (true)
            {
                var piece = await _socket.ReceiveAsync(_buffer.AsMemory(), token);
                if (piece.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerCloseAsync();
                    return new WebSocketMessage(WebSocketMessageKind.Close, default);
                }

                message.Write(_buffer, 0, piece.Count);
                if (message.Length > _options.MaxMessageSize)
                {
                    _socket.Abort();
                    throw new ClientWebSocketException($"{Url}: a message is larger than {_options.MaxMessageSize:N0} bytes (MaxMessageSize).") { Url = Url };
                }

                if (piece.EndOfMessage)
                {
                    var kind = piece.MessageType == WebSocketMessageType.Text ? WebSocketMessageKind.Text : WebSocketMessageKind.Binary;
                    return new WebSocketMessage(kind, message.ToArray());
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            token.ThrowIfCancellationRequested();
            throw Lost(e);
        }
    }

    private async Coroutine AnswerCloseAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
        {
            using (await _sending.AcquireAsync())
            {
                await _socket.CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, Aio.CancellationToken);
            }
        }
    }

    private ClientWebSocketException Lost(Exception error) => new($"{Url}: the WebSocket is closed or was lost: {error.Message}", error) { Method = "GET", Url = Url };
}
