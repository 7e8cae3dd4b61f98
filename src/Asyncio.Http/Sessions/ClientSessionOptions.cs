using System.Net;
using System.Net.Security;

namespace Asyncio.Http;

/// <summary>What a <see cref="ClientSession"/> does unless a request says otherwise. Aiohttp: the arguments of <c>ClientSession</c> and <c>TCPConnector</c>.</summary>
public sealed class ClientSessionOptions
{
    /// <summary>What relative URLs are relative to: absolute, http or https, its path ending in <c>/</c>. Null: there are none.</summary>
    /// <exception cref="ArgumentException">It is not of that form.</exception>
    public Uri? BaseAddress { get; init => field = CheckedBase(value); }

    /// <summary>Headers of every request.</summary>
    public RequestHeaders Headers { get; init; } = [];

    /// <summary>The cookies that servers have set, and that are sent back to them; give one to share or to fill it. Null keeps none.</summary>
    public CookieContainer? Cookies { get; init; } = new();

    /// <summary>Time limits.</summary>
    public ClientTimeout Timeout { get; init; } = new();

    /// <summary>How many requests are under way at a time, each from its sending to the end of its body; 0 is no limit. Others wait, first come first served.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Limit { get; init => field = NotNegative(value); } = 100;

    /// <summary>The same for each host (and port and scheme); 0, the default, is no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int LimitPerHost { get; init => field = NotNegative(value); }

    /// <summary>Requests in a time, in all; null is no limit.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Requests in a time to each host (and port and scheme); null is no limit.</summary>
    public RateLimit? RateLimitPerHost { get; init; }

    /// <summary>Whether a status of 400 and above is thrown, as <see cref="ClientResponse.RaiseForStatus"/> does.</summary>
    public bool RaiseForStatus { get; init; }

    /// <summary>How many redirects are followed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRedirects { get; init => field = NotNegative(value); } = 10;

    /// <summary>Repeating what failed. None unless said otherwise.</summary>
    public RetryOptions Retry { get; init; } = RetryOptions.Never;

    /// <summary>What stands around every request, outermost first. Inside it are retries, in those redirects, in those rate limits.</summary>
    public IReadOnlyList<ClientMiddleware> Middlewares { get; init; } = [];

    /// <summary>The most bytes that a body may have, decompressed, that is read as a whole: a guard against decompression bombs. 64 MiB unless said otherwise. A stream (<see cref="ClientResponse.Content"/>) has no limit: it holds no more than a buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxBodySize { get; init => field = NotNegative(value); } = 64 << 20;

    /// <summary>The most bytes that the head of an answer may have; 65,536 unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public int MaxHeadSize { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 byte."); } = 65_536;

    /// <summary>Asks for compressed bodies (gzip, deflate, Brotli) and decompresses them.</summary>
    public bool Decompress { get; init; } = true;

    /// <summary>The HTTP version to ask for: 1.1, or 2.0.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    /// <summary>What to do if the server does not speak it. For HTTP/2 without TLS: <see cref="HttpVersionPolicy.RequestVersionExact"/>.</summary>
    public HttpVersionPolicy HttpVersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>Proxies, for instance <c>new WebProxy("http://user:password@proxy:8080")</c>; null goes straight, unless <see cref="TrustEnvironment"/>.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Takes proxies from the environment (<c>HTTP_PROXY</c> and its kin), or the system. Aiohttp: <c>trust_env</c>.</summary>
    public bool TrustEnvironment { get; init; }

    /// <summary>Certificates, trust, protocols of TLS; null is the system's trust.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>A socket file: every connection goes there, whatever the URL's host. Aiohttp: <c>UnixConnector</c>.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>After how many seconds a connection that is not used is closed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not a number.</exception>
    public double KeepAlive { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Seconds, 0 or more."); } = 15;

    private static int NotNegative(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    private static long NotNegative(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    private static Uri? CheckedBase(Uri? address) => address switch
    {
        null => null,
        { IsAbsoluteUri: false } => throw new ArgumentException($"The base address '{address}' is relative.", nameof(address)),
        { Scheme: not ("http" or "https") } => throw new ArgumentException($"The base address '{address}' is neither http nor https.", nameof(address)),
        { Query: not "" } or { Fragment: not "" } => throw new ArgumentException($"The base address '{address}' has a query or a fragment, which relative URLs would lose.", nameof(address)),
        _ when !address.AbsolutePath.EndsWith('/') => throw new ArgumentException($"The base address '{address}' must end with '/'; the last part of its path would be lost.", nameof(address)),
        _ => address,
    };
}
