namespace Asyncio.Http;

/// <summary>What one request wants otherwise than its session. Aiohttp: the keyword arguments of <c>request()</c>.</summary>
public sealed class RequestOptions
{
    /// <summary>Headers of this request. One that the session has as well is replaced.</summary>
    public RequestHeaders Headers { get; init; } = [];

    /// <summary>Parameters that are added to the URL's query, escaped.</summary>
    public FieldList Query { get; init; } = [];

    /// <summary>Cookies of this request, beside those of the session; they are not kept.</summary>
    public FieldList Cookies { get; init; } = [];

    /// <summary>Time limits; null takes the session's.</summary>
    public ClientTimeout? Timeout { get; init; }

    /// <summary>Whether a status of 400 and above is thrown; null takes the session's.</summary>
    public bool? RaiseForStatus { get; init; }

    /// <summary>Whether redirects are followed; if not, they are the answer.</summary>
    public bool AllowRedirects { get; init; } = true;

    /// <summary>How many redirects are followed; null takes the session's.</summary>
    public int? MaxRedirects { get; init; }

    /// <summary>Repeating what failed; null takes the session's, <see cref="RetryOptions.Never"/> is none.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>Middlewares inside those of the session; see <see cref="ReplaceMiddlewares"/>.</summary>
    public IReadOnlyList<ClientMiddleware> Middlewares { get; init; } = [];

    /// <summary>True: <see cref="Middlewares"/> take the place of the session's, as in aiohttp.</summary>
    public bool ReplaceMiddlewares { get; init; }

    /// <summary>The most bytes that a body may have that is read as a whole; null takes the session's.</summary>
    public long? MaxBodySize { get; init; }

    /// <summary>The HTTP version to ask for; null takes the session's.</summary>
    public Version? HttpVersion { get; init; }

    /// <summary>Asks the server before the body is sent (<c>Expect: 100-continue</c>).</summary>
    public bool ExpectContinue { get; init; }

    internal static RequestOptions None { get; } = new();
}
