namespace Asyncio.Http;

/// <summary>
/// The time limits of a request, by phase, in seconds; infinity is none. Which one struck is in <see cref="ClientTimeoutException.Phase"/>.
/// Aiohttp: <c>ClientTimeout(total, connect, sock_connect, sock_read)</c>.
/// </summary>
public sealed record ClientTimeout
{
    /// <summary>No limit at all.</summary>
    public static ClientTimeout None { get; } = new() { Total = double.PositiveInfinity, Connect = double.PositiveInfinity };

    /// <summary>From the call to the last byte of the body, all attempts, redirects and waiting included. 300 unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Total { get; init => field = Checked(value); } = 300;

    /// <summary>Waiting for others to end, where <see cref="ClientSessionOptions.Limit"/> or <see cref="ClientSessionOptions.LimitPerHost"/> are reached. No limit unless said otherwise. A rate limit's wait does not count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Pool { get; init => field = Checked(value); } = double.PositiveInfinity;

    /// <summary>Making a connection: looking up the name, connecting, the proxy, TLS. 30 unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Connect { get; init => field = Checked(value); } = 30;

    /// <summary>How long the server may take nothing of the request's body. No limit unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Send { get; init => field = Checked(value); } = double.PositiveInfinity;

    /// <summary>How long nothing of the answer may come: from the end of the request to the head, and for each read of the body. No limit unless said otherwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Read { get; init => field = Checked(value); } = double.PositiveInfinity;

    internal double Of(ClientTimeoutPhase phase) => phase switch
    {
        ClientTimeoutPhase.Total => Total,
        ClientTimeoutPhase.Pool => Pool,
        ClientTimeoutPhase.Connect => Connect,
        ClientTimeoutPhase.Send => Send,
        _ => Read,
    };

    private static double Checked(double seconds) => seconds > 0
        ? seconds
        : throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A limit is a number of seconds above 0; infinity is none.");
}
