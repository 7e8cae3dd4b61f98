namespace Asyncio.Http;

/// <summary>The answer's content type is not the one asked for: <see cref="ClientResponse.JsonAsync{T}(string?)"/> of a page in HTML. Aiohttp: <c>ContentTypeError</c>.</summary>
public sealed class ContentTypeException : ClientResponseException
{
    /// <inheritdoc cref="ContentTypeException"/>
    public ContentTypeException()
    {
    }

    /// <inheritdoc cref="ContentTypeException"/>
    public ContentTypeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ContentTypeException"/>
    public ContentTypeException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>An error about an answer: its status, its head and where it came from.</summary>
    public ContentTypeException(string message, ClientResponse response)
        : base(message, response)
    {
    }
}
