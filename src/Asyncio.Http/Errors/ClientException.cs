using System.Net;

namespace Asyncio.Http;

/// <summary>The root of what goes wrong with a request, timeouts apart; see <see cref="IClientError"/> for the tree. Aiohttp: <c>ClientError</c>.</summary>
public class ClientException : HttpRequestException, IClientError
{
    /// <inheritdoc cref="ClientException"/>
    public ClientException()
    {
    }

    /// <inheritdoc cref="ClientException"/>
    public ClientException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientException"/>
    public ClientException(string message, Exception? inner)
        : base((inner as HttpRequestException)?.HttpRequestError ?? (inner as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown, message, inner)
    {
    }

    private protected ClientException(string message, HttpStatusCode status)
        : base(HttpRequestError.Unknown, message, inner: null, status)
    {
    }

    /// <inheritdoc/>
    public string? Method { get; init; }

    /// <inheritdoc/>
    public Uri? Url { get; init; }
}
