namespace Asyncio.Http;

/// <summary>More redirects than allowed, as in a loop. Aiohttp: <c>TooManyRedirects</c>.</summary>
public sealed class TooManyRedirectsException : ClientResponseException
{
    /// <inheritdoc cref="TooManyRedirectsException"/>
    public TooManyRedirectsException()
    {
    }

    /// <inheritdoc cref="TooManyRedirectsException"/>
    public TooManyRedirectsException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="TooManyRedirectsException"/>
    public TooManyRedirectsException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>An error about an answer: its status, its head and where it came from.</summary>
    public TooManyRedirectsException(string message, ClientResponse response)
        : base(message, response)
    {
    }
}
