namespace Asyncio.Http;

/// <summary>A URL that no request can be made of: relative without a base address, of another scheme than http and https, or a redirect to such a one. Aiohttp: <c>InvalidURL</c>.</summary>
public sealed class InvalidUrlException : ClientException
{
    /// <inheritdoc cref="InvalidUrlException"/>
    public InvalidUrlException()
    {
    }

    /// <inheritdoc cref="InvalidUrlException"/>
    public InvalidUrlException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="InvalidUrlException"/>
    public InvalidUrlException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
