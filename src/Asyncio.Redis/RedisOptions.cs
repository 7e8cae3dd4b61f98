using System.Net.Security;

namespace Asyncio.Redis;

/// <summary>Where the server is, who asks, and the limits. All durations are seconds; infinity is no limit.</summary>
/// <remarks>Never changes; <c>RedisOptions.Parse("redis://localhost") with { ResponseTimeout = 1 }</c> makes another.</remarks>
public sealed record RedisOptions
{
    /// <summary>The server's name or address.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The server's port.</summary>
    public int Port { get; init; } = 6379;

    /// <summary>The server's socket file, instead of <see cref="Host"/> and <see cref="Port"/>.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>TLS if it is there, with these settings.</summary>
    public SslClientAuthenticationOptions? Ssl { get; init; }

    /// <summary>The database to select.</summary>
    public int Database { get; init; }

    /// <summary>Who asks; with a password and without a user, the server's default one.</summary>
    public string? User { get; init; }

    /// <summary>The password. Never part of a message.</summary>
    public string? Password { get; init; }

    /// <summary>How the server lists the connections (<c>CLIENT LIST</c>).</summary>
    public string? ClientName { get; init; }

    /// <summary>How long one attempt to connect may take, with TLS and log-in: 5 seconds.</summary>
    public double ConnectTimeout { get; init; } = 5;

    /// <summary>
    /// How long the server may send nothing while it owes replies, before the connection is given up: 5 seconds. For a limit on a command, or on
    /// several, put <see cref="Aio.Timeout(double)"/> around them. Commands that wait by themselves may do so for longer by just that time.
    /// </summary>
    public double ResponseTimeout { get; init; } = 5;

    /// <summary>How many times it is tried to connect before commands fail: 10.</summary>
    public int ConnectAttempts { get; init; } = 10;

    /// <summary>The pause after the first failed attempt, doubled for each more: up to 0.01 seconds, at least half of it.</summary>
    public double Backoff { get; init; } = 0.01;

    /// <summary>The longest pause between attempts: 1 second.</summary>
    public double BackoffLimit { get; init; } = 1;

    /// <summary>How many connections there may be beside the shared one and those of subscriptions: 50.</summary>
    public int MaxConnections { get; init; } = 50;

    /// <summary>How long to wait for one of them to become free: 20 seconds.</summary>
    public double PoolTimeout { get; init; } = 20;

    /// <summary>The longest reply that is taken, in bytes with all it contains: 1 GiB.</summary>
    public long MaxReplyLength { get; init; } = 1L << 30;

    /// <summary>How deep a reply may be nested: 32.</summary>
    public int MaxReplyDepth { get; init; } = 32;

    /// <summary>How many messages of a subscription wait for their reader before no more are received: 1,024.</summary>
    public int MessageCapacity { get; init; } = 1024;

    /// <summary>Where the server is, for messages: without user and password.</summary>
    public string Endpoint => UnixSocket is { } path ? $"unix://{path}" : $"{(Ssl is null ? "redis" : "rediss")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>
    /// Reads <c>redis://[user[:password]@]host[:port][/database]</c>, <c>rediss://…</c> (TLS) or <c>unix://[user[:password]@]/path</c>. After a
    /// <c>?</c> may follow <c>db</c>, <c>client_name</c>, <c>connect_timeout</c>, <c>response_timeout</c>, <c>max_connections</c> and <c>pool_timeout</c>.
    /// </summary>
    /// <exception cref="RedisUrlException">It is no such URL.</exception>
    public static RedisOptions Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return RedisUrl.Parse(url);
    }

    /// <summary>The endpoint and the database; no secrets.</summary>
    public override string ToString() => $"{Endpoint} database {Database}";

    /// <exception cref="ArgumentOutOfRangeException">A setting makes no sense.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Host, nameof(Host));
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfNegative(Database, nameof(Database));
        CheckDuration(ConnectTimeout, nameof(ConnectTimeout));
        CheckDuration(ResponseTimeout, nameof(ResponseTimeout));
        CheckDuration(Backoff, nameof(Backoff));
        CheckDuration(BackoffLimit, nameof(BackoffLimit));
        CheckDuration(PoolTimeout, nameof(PoolTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(ConnectAttempts, 1, nameof(ConnectAttempts));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1, nameof(MaxConnections));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReplyLength, 1024, nameof(MaxReplyLength));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReplyDepth, 4, nameof(MaxReplyDepth));
        ArgumentOutOfRangeException.ThrowIfLessThan(MessageCapacity, 1, nameof(MessageCapacity));
        if (UnixSocket is not null && Ssl is not null)
        {
            throw new ArgumentException($"{nameof(Ssl)} is for {nameof(Host)}, not for a {nameof(UnixSocket)}.");
        }
    }

    private static void CheckDuration(double seconds, string name)
    {
        if (!(seconds > 0))
        {
            throw new ArgumentOutOfRangeException(name, seconds, "A number of seconds above 0 is expected.");
        }
    }
}
