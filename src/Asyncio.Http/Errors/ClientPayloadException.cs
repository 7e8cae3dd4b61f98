namespace Asyncio.Http;

/// <summary>The body of an answer ended too soon, was malformed, or is larger than <see cref="ClientSessionOptions.MaxBodySize"/>. The connection is closed. Aiohttp: <c>ClientPayloadError</c>.</summary>
public sealed class ClientPayloadException : ClientException
{
    /// <inheritdoc cref="ClientPayloadException"/>
    public ClientPayloadException()
    {
    }

    /// <inheritdoc cref="ClientPayloadException"/>
    public ClientPayloadException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientPayloadException"/>
    public ClientPayloadException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
