using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Asyncio.Http;

/// <summary>From what the handler throws to the tree of <see cref="IClientError"/>.</summary>
internal static class ClientErrors
{
    public static ClientTimeoutException Timeout(ClientRequest request, ClientTimeoutPhase phase, Exception inner)
    {
        var limit = request.Timeout.Of(phase);
        var what = phase switch
        {
            ClientTimeoutPhase.Total => "was not done within",
            ClientTimeoutPhase.Pool => "waited for its turn, behind as many requests as are allowed at a time, for more than",
            ClientTimeoutPhase.Connect => "could not connect within",
            ClientTimeoutPhase.Send => "sent nothing of its body, as the server took nothing, for",
            _ => "got nothing of its answer for",
        };
        return new ClientTimeoutException(string.Create(CultureInfo.InvariantCulture, $"{Describe(request)} {what} {limit:0.###} s (the limit '{phase}')."), inner)
        {
            Phase = phase,
            Limit = limit,
            Method = request.Method,
            Url = UrlOf(request),
        };
    }

    /// <summary>The error of an exchange that has no answer yet; null if it is not about the exchange and stays what it is.</summary>
    public static Exception? OfSending(ClientRequest request, Exception error) => error switch
    {
        IClientError => null,
        OperationCanceledException { InnerException: TimeoutException } => Timeout(request, ClientTimeoutPhase.Connect, error),
        OperationCanceledException => null,
        HttpRequestException e => Of(request, e),
        HttpIOException or IOException or SocketException => Disconnected(request, error),
        _ => null,
    };

    /// <summary>The error of a body on its way; null if it is not about that.</summary>
    public static Exception? OfReading(ClientRequest request, Exception error) => error is HttpRequestException or IOException or InvalidDataException or SocketException && error is not IClientError
        ? new ClientPayloadException($"{Describe(request)}: the body of the answer ended too soon or was malformed: {Innermost(error).Message}", error) { Method = request.Method, Url = UrlOf(request) }
        : null;

    public static string Describe(ClientRequest request) => $"{request.Method} {UrlOf(request)}";

    public static Uri UrlOf(ClientRequest request) => RequestUrl.WithoutUser(request.Url);

    private static ClientException Of(ClientRequest request, HttpRequestException error)
    {
        var method = request.Method;
        var url = UrlOf(request);
        return (error.HttpRequestError, Innermost(error)) switch
        {
            (HttpRequestError.NameResolutionError, _) or (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) =>
                new ClientNameException(Say("the name of the server could not be resolved"), error) { Method = method, Url = url },
            (HttpRequestError.SecureConnectionError, _) or (_, AuthenticationException) =>
                new ClientTlsException(Say("no encrypted connection could be made"), error) { Method = method, Url = url },
            (HttpRequestError.ProxyTunnelError, _) => new ClientProxyException(Say("the proxy refused"), error) { Method = method, Url = url },
            (HttpRequestError.ConnectionError, _) => new ClientConnectorException(Say("no connection could be made"), error) { Method = method, Url = url },
            (HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded, _) =>
                new InvalidResponseException(Say("the server's answer is not valid HTTP, or its head is too large"), error) { Method = method, Url = url },
            (_, IOException or SocketException) or (HttpRequestError.ResponseEnded, _) => Disconnected(request, error),
            _ => new ClientException(Say("it failed"), error) { Method = method, Url = url },
        };

        string Say(string what) => $"{Describe(request)}: {what}: {Innermost(error).Message}";
    }

    private static ServerDisconnectedException Disconnected(ClientRequest request, Exception error) =>
        new($"{Describe(request)}: the connection was lost before the answer came: {Innermost(error).Message}", error) { Method = request.Method, Url = UrlOf(request) };

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }
}
