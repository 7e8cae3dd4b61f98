namespace Asyncio.Http;

/// <summary>A rate limit that has a limited queue refused the request. Nothing was sent.</summary>
public sealed class RateLimitException : ClientException
{
    /// <inheritdoc cref="RateLimitException"/>
    public RateLimitException()
    {
    }

    /// <inheritdoc cref="RateLimitException"/>
    public RateLimitException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="RateLimitException"/>
    public RateLimitException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
