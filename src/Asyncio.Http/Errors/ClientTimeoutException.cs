namespace Asyncio.Http;

/// <summary>
/// One of the limits of <see cref="ClientTimeout"/> was exceeded; <see cref="Phase"/> says which. The request was aborted and its connection closed.
/// Aiohttp: <c>ServerTimeoutError</c> and its kin, and the plain <c>TimeoutError</c> that its total throws.
/// </summary>
public sealed class ClientTimeoutException : TimeoutException, IClientError
{
    /// <inheritdoc cref="ClientTimeoutException"/>
    public ClientTimeoutException()
    {
    }

    /// <inheritdoc cref="ClientTimeoutException"/>
    public ClientTimeoutException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ClientTimeoutException"/>
    public ClientTimeoutException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Which limit it was.</summary>
    public ClientTimeoutPhase Phase { get; init; }

    /// <summary>The limit in seconds.</summary>
    public double Limit { get; init; }

    /// <inheritdoc/>
    public string? Method { get; init; }

    /// <inheritdoc/>
    public Uri? Url { get; init; }
}
