using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asyncio.Http;

/// <summary>
/// An answer: its head is there, its body comes when it is read. It keeps its connection until the body was read to its end or it is disposed of:
/// <c>await using var response = await session.GetAsync(url);</c>. Aiohttp: <c>ClientResponse</c>.
/// </summary>
public sealed class ClientResponse : IAsyncDisposable
{
    private readonly HttpResponseMessage _message;
    private readonly Exchange _exchange;
    private byte[]? _body;
    private bool _closed;

    internal ClientResponse(HttpResponseMessage message, Exchange exchange, IReadOnlyList<RedirectStep> history)
    {
        _message = message;
        _exchange = exchange;
        Method = exchange.Request.Method;
        Url = ClientErrors.UrlOf(exchange.Request);
        History = history;
        Headers = new ResponseHeaders(message);
        Content = new ResponseContent(this, exchange, message.Content.ReadAsStream());
    }

    /// <summary>Its place would be taken for ever, and the next hundredth request wait for it. Aiohttp: "Unclosed response".</summary>
    ~ClientResponse()
    {
        var loop = _exchange.Loop;
        if (!loop.IsClosed)
        {
            try
            {
                loop.CallSoonThreadsafe(ReportAndClose);
            }
            catch (InvalidOperationException)
            {
                // The loop was closed in between, and its connections with it.
            }
        }
    }

    /// <summary>The status: 200, 404.</summary>
    public int Status => (int)_message.StatusCode;

    /// <summary>The words beside the status; empty in HTTP/2.</summary>
    public string Reason => _message.ReasonPhrase ?? "";

    /// <summary>True for a status below 400.</summary>
    public bool Ok => Status < 400;

    /// <summary>The version that the server spoke.</summary>
    public Version HttpVersion => _message.Version;

    /// <summary>The method that was used last: a redirect may have changed it.</summary>
    public string Method { get; }

    /// <summary>Where the answer came from, after redirects.</summary>
    public Uri Url { get; }

    /// <summary>The redirects that led here, first to last.</summary>
    public IReadOnlyList<RedirectStep> History { get; }

    /// <summary>The head.</summary>
    public ResponseHeaders Headers { get; }

    /// <summary>The media type without its parameters, in small letters; <c>application/octet-stream</c> if the server does not say. Aiohttp: <c>content_type</c>.</summary>
    public string ContentType => _message.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "application/octet-stream";

    /// <summary>The charset that the server names; null if it names none.</summary>
    public string? Charset => _message.Content.Headers.ContentType?.CharSet?.Trim('"');

    /// <summary>How many bytes the body has; null if that is not known before, as with compressed ones.</summary>
    public long? ContentLength => _message.Content.Headers.ContentLength;

    /// <summary>The body as it comes.</summary>
    public ResponseContent Content { get; }

    /// <summary>The encoding of the charset; UTF-8 if there is none or it is not known.</summary>
    internal Encoding Encoding
    {
        get
        {
            try
            {
                return Charset is { Length: > 0 } name ? Encoding.GetEncoding(name) : Encoding.UTF8;
            }
            catch (ArgumentException)
            {
                return Encoding.UTF8;
            }
        }
    }

    internal long MaxBodySize => _exchange.Request.Options.MaxBodySize ?? _exchange.Request.Session.Options.MaxBodySize;

    /// <summary>The whole body; again at once when it is asked for again. Aiohttp: <c>read()</c>.</summary>
    /// <exception cref="ClientPayloadException">It ended too soon, is malformed, or larger than <see cref="ClientSessionOptions.MaxBodySize"/>.</exception>
    /// <exception cref="ClientTimeoutException">A limit struck.</exception>
    /// <exception cref="InvalidOperationException">The answer was disposed of, or another read is under way.</exception>
    /// <remarks>Suspends until the body is there. Cancelling it, as a limit that strikes, ends the connection.</remarks>
    public async Coroutine<byte[]> ReadAsync() => _body ??= await Content.ReadToEndAsync(MaxBodySize);

    /// <summary>The whole body as text.</summary>
    /// <param name="encoding">How it is encoded; null takes what the server says, or UTF-8. What does not fit becomes U+FFFD. A byte order mark is left out.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public async Coroutine<string> TextAsync(Encoding? encoding = null)
    {
        var body = await ReadAsync();
        encoding ??= Encoding;
        var mark = encoding.Preamble.Length;
        return body.AsSpan().StartsWith(encoding.Preamble) ? encoding.GetString(body, mark, body.Length - mark) : encoding.GetString(body);
    }

    /// <summary>The body as a value of JSON, with the names that the web uses (<c>camelCase</c>, in any case).</summary>
    /// <param name="contentType">The media type that the answer must have (<c>…+json</c> is JSON, too); null takes any.</param>
    /// <exception cref="ContentTypeException">It has another.</exception>
    /// <inheritdoc cref="ReadAsync"/>
    [RequiresUnreferencedCode(RequestContent.ReflectionReason), RequiresDynamicCode(RequestContent.ReflectionReason)]
    public async Coroutine<T> JsonAsync<T>(string? contentType = "application/json")
    {
        CheckContentType(contentType);
        return Parse(await ReadAsync(), static body => JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web));
    }

    /// <inheritdoc cref="JsonAsync{T}(string?)"/>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> knows of the type; nothing is looked up by reflection.</param>
    /// <param name="contentType">The media type that the answer must have (<c>…+json</c> is JSON, too); null takes any.</param>
    public async Coroutine<T> JsonAsync<T>(JsonTypeInfo<T> typeInfo, string? contentType = "application/json")
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        CheckContentType(contentType);
        return Parse(await ReadAsync(), body => JsonSerializer.Deserialize(body, typeInfo));
    }

    /// <summary>Throws for a status of 400 and above, and disposes of the answer then.</summary>
    /// <exception cref="ClientResponseException">It was such a status.</exception>
    public void RaiseForStatus()
    {
        if (Ok)
        {
            return;
        }

        Close();
        throw new ClientResponseException($"{Method} {Url}: {Status} {Reason}", this);
    }

    /// <summary>Gives the connection back, or ends it if much of the body is left. What is left of the body is dropped; head and what was read as a whole stay. Does not suspend. Aiohttp: <c>release()</c>.</summary>
    public void Close()
    {
        if (!_closed)
        {
            _closed = true;
            GC.SuppressFinalize(this);
            _message.Dispose();
            _exchange.End();
        }
    }

    /// <inheritdoc cref="Close"/>
    public async Coroutine DisposeAsync() => Close();

    ValueTask IAsyncDisposable.DisposeAsync()
    {
        Close();
        return default;
    }

    /// <summary>For logs: method, URL, status.</summary>
    public override string ToString() => $"<ClientResponse {Method} {Url} [{Status} {Reason}]>";

    /// <summary>The body has come: others may use the connection.</summary>
    internal void BodyEnded()
    {
        GC.SuppressFinalize(this);
        _exchange.End();
    }

    internal void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new InvalidOperationException($"{Method} {Url}: the answer was disposed of, and its body with it.");
        }
    }

    private void ReportAndClose()
    {
        Close();
        _exchange.Loop.CallExceptionHandler(new ExceptionContext($"unclosed {this}: it was dropped without DisposeAsync() and not read to its end"));
    }

    private T Parse<T>(byte[] body, Func<byte[], T?> parse)
    {
        try
        {
            return parse(body)!;
        }
        catch (JsonException e)
        {
            throw new ClientPayloadException($"{Method} {Url}: the body is not the JSON that was asked for: {e.Message}", e) { Method = Method, Url = Url };
        }
    }

    private void CheckContentType(string? wanted)
    {
        if (wanted is null || ContentType == wanted || (wanted == "application/json" && ContentType.EndsWith("+json", StringComparison.Ordinal)))
        {
            return;
        }

        throw new ContentTypeException($"{Method} {Url}: {wanted} was asked for, and {ContentType} came.", this);
    }
}
