using System.Net.WebSockets;

namespace Asyncio.Http;

// Connections that are kept.
public sealed partial class ClientSession
{
    /// <summary>Opens a WebSocket. It counts as a request until it is disposed of. Aiohttp: <c>session.ws_connect()</c>.</summary>
    /// <param name="url">Where, with ws or wss (http and https mean the same): absolute, or relative to <see cref="ClientSessionOptions.BaseAddress"/>.</param>
    /// <param name="options">Headers, subprotocols, limits.</param>
    /// <exception cref="WebSocketHandshakeException">The server answered with something else.</exception>
    /// <exception cref="ClientConnectionException">No connection could be made, or it was lost.</exception>
    /// <exception cref="ClientTimeoutException">A limit of <see cref="ClientTimeout"/> struck before it was open.</exception>
    /// <exception cref="InvalidUrlException">The URL is none.</exception>
    /// <exception cref="InvalidHeaderException">A header cannot be sent.</exception>
    /// <remarks>Suspends until it is open. Middlewares, retries and redirects do not apply.</remarks>
    public async Coroutine<AsyncWebSocket> WebSocketAsync(string url, WebSocketOptions? options = null)
    {
        CheckUsable();
        options ??= WebSocketOptions.None;
        var target = RequestUrl.AddQuery(RequestUrl.Parse(url, "GET", Options.BaseAddress), options.Query);
        target = new UriBuilder(target) { Scheme = target.Scheme is "https" or "wss" ? "wss" : "ws" }.Uri;
        var request = new ClientRequest(this, "GET", target, null, new RequestOptions { Headers = options.Headers });
        AsyncTimeout? scope = null;
        try
        {
            return await Aio.TimeoutAt(_loop.Time() + request.Timeout.Total, timeout =>
            {
                _running.Add(scope = timeout);
                return OpenAsync(request, options);
            });
        }
        catch (TimeoutException e) when (e is not IClientError && scope?.Expired() == true)
        {
            throw Struck(request, e);
        }
        finally
        {
            Ended(scope);
        }
    }

    private async Coroutine<AsyncWebSocket> OpenAsync(ClientRequest request, WebSocketOptions options)
    {
        var slot = await _admission.EnterAsync(request);
        var socket = new ClientWebSocket();
        var token = Aio.CancellationToken;
        try
        {
            Configure(socket.Options, request, options);
            await socket.ConnectAsync(request.Url, _invoker, token);
            return new AsyncWebSocket(socket, request.Url, slot, options);
        }
        catch (Exception e)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            slot.Leave();
            if (e is not WebSocketException)
            {
                token.ThrowIfCancellationRequested(); // .NET's exception names a token of its own, by which nobody would know the cancellation
                throw;
            }

            if (status != 0 || e.InnerException is null)
            {
                throw new WebSocketHandshakeException($"{request}: the server did not open a WebSocket, but answered {status}: {e.Message}", e) { Status = status, Method = request.Method, Url = request.Url };
            }

            throw ClientErrors.OfSending(request, e.InnerException) ?? e.InnerException;
        }
    }

    private static void Configure(ClientWebSocketOptions socket, ClientRequest request, WebSocketOptions options)
    {
        socket.CollectHttpResponseDetails = true;
        socket.KeepAliveInterval = TimeSpan.FromSeconds(options.Heartbeat);
        if (options.Heartbeat > 0)
        {
            socket.KeepAliveTimeout = TimeSpan.FromSeconds(options.Heartbeat);
        }

        foreach (var protocol in options.Protocols)
        {
            socket.AddSubProtocol(protocol);
        }

        foreach (var (name, value) in request.Headers.List)
        {
            HeaderSyntax.Check(name, value, request.Method, request.Url);
            socket.SetRequestHeader(name, value);
        }
    }
}
