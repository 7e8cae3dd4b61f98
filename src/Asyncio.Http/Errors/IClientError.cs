namespace Asyncio.Http;

/// <summary>
/// What every error of a session is: <c>catch (Exception e) when (e is IClientError)</c>. Most are a <see cref="ClientException"/>; a timeout is a
/// <see cref="ClientTimeoutException"/>, so that <c>catch (TimeoutException)</c> gets it as it gets those of <see cref="Aio.Timeout(double)"/>.
/// </summary>
/// <remarks>
/// The tree, as types derive:
/// <list type="bullet">
/// <item><see cref="ClientTimeoutException"/>, a <see cref="TimeoutException"/>: a limit of <see cref="ClientTimeout"/>.</item>
/// <item><see cref="ClientException"/>, an <see cref="HttpRequestException"/>: all others, namely</item>
/// <item>nothing was sent: <see cref="InvalidUrlException"/>, <see cref="InvalidHeaderException"/>, <see cref="RateLimitException"/>;</item>
/// <item><see cref="ClientConnectionException"/>: it was lost (<see cref="ServerDisconnectedException"/>), or never made (<see cref="ClientConnectorException"/>:
/// <see cref="ClientNameException"/>, <see cref="ClientTlsException"/>, <see cref="ClientProxyException"/>);</item>
/// <item>the answer makes no sense: <see cref="InvalidResponseException"/>, <see cref="ClientPayloadException"/>, <see cref="ClientWebSocketException"/>;</item>
/// <item><see cref="ClientResponseException"/>: it does, and is not what was wanted: <see cref="ContentTypeException"/>, <see cref="TooManyRedirectsException"/>,
/// <see cref="WebSocketHandshakeException"/>.</item>
/// </list>
/// A cancellation is none of these: it stays a <see cref="CancelledException"/>.
/// </remarks>
public interface IClientError
{
    /// <summary>The request's method, where there was a request.</summary>
    string? Method { get; }

    /// <summary>What was asked for, where that is known: after redirects, the last URL. Without the user and password that it may have held.</summary>
    Uri? Url { get; }
}
