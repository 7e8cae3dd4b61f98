using System.Text;

namespace Asyncio.Http;

// From the call to the wire, from the outside in: total limit, spans, middlewares, retries, redirects, limits of many at a time and in a time, the handler.
public sealed partial class ClientSession
{
    private async Coroutine<ClientResponse> RunAsync(string method, Uri url, RequestContent? content, RequestOptions options)
    {
        CheckUsable();
        var request = new ClientRequest(this, method, RequestUrl.AddQuery(url, options.Query), content, options);
        request.Deadline = _loop.Time() + request.Timeout.Total;
        AsyncTimeout? scope = null;
        try
        {
            var response = await Aio.TimeoutAt(request.Deadline, timeout =>
            {
                _running.Add(scope = timeout);
                var send = HandlerOf(options);
                return HttpTelemetry.IsWatched ? HttpTelemetry.Watch(request, send, _loop) : send(request);
            });
            if (options.RaiseForStatus ?? Options.RaiseForStatus)
            {
                response.RaiseForStatus();
            }

            return response;
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

    /// <summary>What has ended a request from outside: its total, or the session.</summary>
    private Exception Struck(ClientRequest request, TimeoutException error) => IsClosed
        ? new ClientConnectionException($"{request}: the session was closed meanwhile.", error) { Method = request.Method, Url = ClientErrors.UrlOf(request) }
        : ClientErrors.Timeout(request, ClientTimeoutPhase.Total, error);

    private void Ended(AsyncTimeout? scope)
    {
        if (scope is not null && _running.Remove(scope) && _running.Count == 0)
        {
            _idle?.TrySetResult(default);
        }
    }

    private ClientHandler HandlerOf(RequestOptions options)
    {
        if (options.Middlewares.Count == 0 && !options.ReplaceMiddlewares)
        {
            return _send;
        }

        ClientHandler send = SendWithRetriesAsync;
        var outer = options.ReplaceMiddlewares ? [] : Options.Middlewares;
        foreach (var middleware in outer.Concat(options.Middlewares).Reverse())
        {
            send = Wrap(middleware, send);
        }

        return send;
    }

    private Coroutine<ClientResponse> SendWithRetriesAsync(ClientRequest request)
    {
        var retry = request.Options.Retry ?? Options.Retry;
        if (retry.Attempts == 1)
        {
            return SendWithRedirectsAsync(request);
        }

        if (!_retrying.TryGetValue(retry, out var retrying))
        {
            _retrying.Add(retry, retrying = new Retrying(retry, _loop));
        }

        return retrying.SendAsync(request, SendWithRedirectsAsync);
    }

    private async Coroutine<ClientResponse> SendWithRedirectsAsync(ClientRequest request)
    {
        var hop = request;
        List<RedirectStep>? history = null;
        while (true)
        {
            var response = await SendOnceAsync(hop, (IReadOnlyList<RedirectStep>?)history ?? []);
            if (!request.Options.AllowRedirects || Redirect.LocationOf(response) is not { } location)
            {
                return response;
            }

            response.Close();
            history ??= [];
            var limit = request.Options.MaxRedirects ?? Options.MaxRedirects;
            if (history.Count == limit)
            {
                throw new TooManyRedirectsException($"{request}: more than {limit} redirects, the last from {response.Url} to '{location}'.", response);
            }

            var next = RequestUrl.Follow(hop.Url, location, hop.Method);
            history.Add(new RedirectStep(response.Status, hop.Method, response.Url, RequestUrl.WithoutUser(next)));
            hop = Redirect.Follow(hop, response.Status, next);
        }
    }

    private async Coroutine<ClientResponse> SendOnceAsync(ClientRequest request, IReadOnlyList<RedirectStep> history)
    {
        if (request.Content?.IsSpent == true)
        {
            throw new ClientException($"{request}: the body is a stream that was sent already, for an earlier request or before a redirect; it cannot be sent twice.")
            {
                Method = request.Method,
                Url = ClientErrors.UrlOf(request),
            };
        }

        var body = new BodySource(_loop);
        var message = MessageOf(request, body);
        Slot slot;
        try
        {
            slot = await _admission.EnterAsync(request);
        }
        catch
        {
            message.Dispose();
            throw;
        }

        var exchange = new Exchange(_loop, request, slot, message);
        try
        {
            CheckUsable(); // it may have been closed while this waited
            SessionConnections.Attach(message, exchange);
            var answer = exchange.HasPhaseLimits
                ? await exchange.Guard(double.PositiveInfinity, () => SendAsync(exchange))
                : await SendAsync(exchange);
            return new ClientResponse(answer, exchange, history);
        }
        catch (Exception e)
        {
            exchange.End();
            message.Dispose();
            body.ThrowIfFailed();
            if (ClientErrors.OfSending(request, e) is { } error)
            {
                throw error;
            }

            throw;
        }
    }

    private async Coroutine<HttpResponseMessage> SendAsync(Exchange exchange)
    {
        if (exchange.Watch is { } watch && exchange.Message.Content is { } content)
        {
            exchange.Message.Content = new WatchedContent(content, watch);
        }

        return await _invoker.SendAsync(exchange.Message, Aio.CancellationToken);
    }

    private HttpRequestMessage MessageOf(ClientRequest request, BodySource body)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), RequestUrl.WithoutUser(request.Url))
        {
            Version = request.Options.HttpVersion ?? Options.HttpVersion,
            VersionPolicy = Options.HttpVersionPolicy,
            Content = request.Content?.Make(body) ?? EmptyBodyOf(request.Method),
        };
        var url = message.RequestUri!;
        foreach (var (name, value) in request.Headers.List)
        {
            HeaderSyntax.Check(name, value, request.Method, url);
            if (message.Headers.TryAddWithoutValidation(name, value) || message.Content is not { } content)
            {
                continue;
            }

            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", "Asyncio.Http");
        }

        AddUser(request, message);
        AddCookies(request, message, url);
        if (request.Options.ExpectContinue)
        {
            message.Headers.ExpectContinue = true;
        }

        return message;
    }

    // The handler repeats by itself what has sent no body, if the connection ends without an answer: that must not happen to what may have had an effect.
    private static ByteArrayContent? EmptyBodyOf(string method) => Retrying.IsIdempotent(method) ? null : new ByteArrayContent([]);

    private static void AddUser(ClientRequest request, HttpRequestMessage message)
    {
        if (request.Url.UserInfo is not { Length: > 0 } user)
        {
            return;
        }

        if (request.Headers.Contains("Authorization"))
        {
            throw new InvalidUrlException($"{ClientErrors.Describe(request)}: the URL has a user, and there is an Authorization header, too.")
            {
                Method = request.Method,
                Url = message.RequestUri,
            };
        }

        var text = Uri.UnescapeDataString(user);
        message.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Contains(':') ? text : $"{text}:"))}");
    }

    private static void AddCookies(ClientRequest request, HttpRequestMessage message, Uri url)
    {
        if (request.Cookies.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in request.Cookies)
        {
            HeaderSyntax.CheckCookie(name, value, request.Method, url);
        }

        var text = string.Join("; ", request.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
        HeaderSyntax.Check("Cookie", text, request.Method, url);
        message.Headers.TryAddWithoutValidation("Cookie", text);
    }
}
