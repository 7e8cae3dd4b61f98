using System.Net.Security;

namespace Asyncio;

/// <summary>How a connection is to be secured.</summary>
internal sealed class TlsSettings
{
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(30);

    private readonly SslClientAuthenticationOptions? _client;
    private readonly SslServerAuthenticationOptions? _server;

    private TlsSettings(SslClientAuthenticationOptions? client, SslServerAuthenticationOptions? server, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        _client = client;
        _server = server;
        HandshakeTimeout = Positive(handshakeTimeout ?? s_handshakeTimeout, "sslHandshakeTimeout");
        ShutdownTimeout = Positive(shutdownTimeout ?? s_shutdownTimeout, "sslShutdownTimeout");
    }

    internal TimeSpan HandshakeTimeout { get; }

    internal TimeSpan ShutdownTimeout { get; }

    /// <summary>What the user gave: <c>get_extra_info("sslcontext")</c>.</summary>
    internal object Options => (object?)_client ?? _server!;

    /// <param name="serverHostname">The name that the server's certificate must have; null is that of the options, and without one <paramref name="host"/>.</param>
    internal static TlsSettings ForClient(
        SslClientAuthenticationOptions options, string? serverHostname, string? host, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (serverHostname is not null || string.IsNullOrEmpty(options.TargetHost))
        {
            var name = serverHostname ?? (string.IsNullOrEmpty(host) ? null : host);
            options = ClientTlsOptions.WithTarget(options, name ?? throw new ArgumentException("You must set serverHostname when using ssl without a host", nameof(serverHostname)));
        }

        return new TlsSettings(options, null, handshakeTimeout, shutdownTimeout);
    }

    /// <inheritdoc cref="ForClient"/>
    internal static TlsSettings? ForClientOrNull(
        SslClientAuthenticationOptions? options, string? serverHostname, string? host, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        if (options is not null)
        {
            return ForClient(options, serverHostname, host, handshakeTimeout, shutdownTimeout);
        }

        RefuseWithout(serverHostname, handshakeTimeout, shutdownTimeout);
        return null;
    }

    /// <summary>For the side that has accepted the connection.</summary>
    internal static TlsSettings ForServer(SslServerAuthenticationOptions options, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TlsSettings(null, options, handshakeTimeout, shutdownTimeout);
    }

    /// <inheritdoc cref="ForServer"/>
    internal static TlsSettings? ForServerOrNull(SslServerAuthenticationOptions? options, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        if (options is not null)
        {
            return ForServer(options, handshakeTimeout, shutdownTimeout);
        }

        RefuseWithout(null, handshakeTimeout, shutdownTimeout);
        return null;
    }

    /// <summary>What means nothing without TLS is a mistake there.</summary>
    internal static void RefuseWithout(string? serverHostname, TimeSpan? handshakeTimeout, TimeSpan? shutdownTimeout)
    {
        var meant = serverHostname is not null ? "serverHostname"
            : handshakeTimeout is not null ? "sslHandshakeTimeout"
            : shutdownTimeout is not null ? "sslShutdownTimeout"
            : null;
        if (meant is not null)
        {
            throw new ArgumentException($"{meant} is only meaningful with ssl", meant);
        }
    }

    internal Task AuthenticateAsync(SslStream stream, CancellationToken cancellationToken) =>
        _client is not null
            ? stream.AuthenticateAsClientAsync(_client, cancellationToken)
            : stream.AuthenticateAsServerAsync(_server!, cancellationToken);

    private static TimeSpan Positive(TimeSpan timeout, string name) =>
        timeout > TimeSpan.Zero || timeout == Timeout.InfiniteTimeSpan
            ? timeout
            : throw new ArgumentOutOfRangeException(name, timeout, "A positive duration is expected.");
}
