using System.Net;

namespace Asyncio.Http;

/// <summary>An answer came that is not what was wanted; <see cref="ClientResponse.RaiseForStatus"/> throws it for a status of 400 and above. Aiohttp: <c>ClientResponseError</c>.</summary>
public class ClientResponseException : ClientException
{
    /// <inheritdoc cref="ClientResponseException"/>
    public ClientResponseException()
    {
    }

    /// <inheritdoc cref="ClientResponseException"/>
    public ClientResponseException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientResponseException"/>
    public ClientResponseException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>An error about an answer: its status, its head and where it came from.</summary>
    public ClientResponseException(string message, ClientResponse response)
        : base(message, response is null ? throw new ArgumentNullException(nameof(response)) : (HttpStatusCode)response.Status)
    {
        Status = response.Status;
        Reason = response.Reason;
        Headers = response.Headers;
        History = response.History;
        Method = response.Method;
        Url = response.Url;
    }

    /// <summary>The status, 404 for instance; 0 if there was none.</summary>
    public int Status { get; init; }

    /// <summary>The words beside the status.</summary>
    public string? Reason { get; init; }

    /// <summary>The head of the answer.</summary>
    public ResponseHeaders? Headers { get; init; }

    /// <summary>The redirects before this answer, first to last.</summary>
    public IReadOnlyList<RedirectStep> History { get; init; } = [];
}
