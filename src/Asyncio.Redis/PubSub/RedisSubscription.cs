using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

/// <summary>
/// Listens to channels, on a connection of its own:
/// <c>await using var news = await redis.SubscribeAsync("news"); await foreach (var message in news) { … }</c>. The counterpart of redis-py's <c>PubSub</c>.
/// </summary>
/// <remarks>
/// <para>
/// When the connection is lost it connects again and subscribes to the same channels; what was sent meanwhile is lost, as Redis keeps no message
/// (<see cref="Losses"/> counts that; a stream loses nothing). If that fails for good, the reading ends with the error.
/// </para>
/// <para>
/// Who reads slowly holds up the connection once <see cref="RedisOptions.MessageCapacity"/> messages wait, and with it nobody else; the server gives it up when
/// too much waits there.
/// </para>
/// </remarks>
public sealed partial class RedisSubscription : IAsyncEnumerable<RedisMessage>, IAsyncDisposable
{
    private readonly Connector _connector;
    private readonly Action<RedisSubscription> _onDisposed;
    private readonly HashSet<string> _channels = [];
    private readonly HashSet<string> _patterns = [];
    private readonly AsyncQueue<RedisMessage> _messages = new();
    private readonly Receiver _receiver;
    private readonly Backoff _backoff;
    private Link? _link;
    private AsyncTask? _reviving;
    private RedisConnectionException? _failure;
    private bool _disposed;

    internal RedisSubscription(Connector connector, Action<RedisSubscription> onDisposed)
    {
        _connector = connector;
        _onDisposed = onDisposed;
        _receiver = new Receiver(this);
        _backoff = new Backoff(connector.Loop, connector.Options);
    }

    /// <summary>The channels that it is subscribed to.</summary>
    public IReadOnlySet<string> Channels => _channels;

    /// <summary>The patterns that it is subscribed to.</summary>
    public IReadOnlySet<string> Patterns => _patterns;

    /// <summary>How many messages wait for the reader.</summary>
    public int Waiting => _messages.Count;

    /// <summary>How many times the connection was lost and made again.</summary>
    public int Losses { get; private set; }

    /// <summary>Adds channels. Redis: <c>SUBSCRIBE</c>.</summary>
    /// <exception cref="RedisServerException">The server refuses it.</exception>
    /// <exception cref="RedisConnectionException">The connection was lost; the channels are subscribed to when it is back.</exception>
    /// <remarks>Suspends until the server has confirmed it. Cancelled, it may have taken place.</remarks>
    public Coroutine SubscribeAsync(params ReadOnlySpan<string> channels) => Change("SUBSCRIBE", channels.ToArray(), _channels, add: true);

    /// <summary>Adds patterns: <c>news.*</c>. Redis: <c>PSUBSCRIBE</c>.</summary>
    /// <inheritdoc cref="SubscribeAsync"/>
    public Coroutine PSubscribeAsync(params ReadOnlySpan<string> patterns) => Change("PSUBSCRIBE", patterns.ToArray(), _patterns, add: true);

    /// <summary>Takes channels away. Messages that came before still wait for the reader. Redis: <c>UNSUBSCRIBE</c>.</summary>
    /// <inheritdoc cref="SubscribeAsync"/>
    public Coroutine UnsubscribeAsync(params ReadOnlySpan<string> channels) => Change("UNSUBSCRIBE", channels.ToArray(), _channels, add: false);

    /// <summary>Takes patterns away. Messages that came before still wait for the reader. Redis: <c>PUNSUBSCRIBE</c>.</summary>
    /// <inheritdoc cref="SubscribeAsync"/>
    public Coroutine PUnsubscribeAsync(params ReadOnlySpan<string> patterns) => Change("PUNSUBSCRIBE", patterns.ToArray(), _patterns, add: false);

    /// <summary>Reads the messages, until this is disposed of. Several readers share them.</summary>
    public RedisMessageReader GetAsyncEnumerator() => new(this);

    // For code that asks for the interface, such as LINQ.
    async IAsyncEnumerator<RedisMessage> IAsyncEnumerable<RedisMessage>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var messages = GetAsyncEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await messages.MoveNextAsync())
            {
                yield break;
            }

            yield return messages.Current;
        }
    }

    /// <summary>Closes the connection. Who reads gets what waits, and then the end. Does nothing a second time.</summary>
    /// <remarks>Suspends until the socket is closed.</remarks>
    public async Coroutine DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _onDisposed(this);
        _messages.Shutdown();
        if (_reviving is { } reviving)
        {
            reviving.Cancel();
            await Aio.Wait([reviving]);
        }

        if (_link is { } link)
        {
            await link.CloseAsync("The subscription was disposed of.");
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>Connects for the first time.</summary>
    internal async Coroutine Begin(string[] channels, string[] patterns)
    {
        _link = await _connector.OpenAsync(_receiver);
        try
        {
            await SubscribeAsync(channels);
            await PSubscribeAsync(patterns);
            _since = _connector.Loop.Time();
        }
        catch
        {
            await DisposeAsync();
            await _link.CloseAsync("The subscription was given up."); // if it was disposed of before there was a connection
            throw;
        }
    }

    /// <summary>The next message, or false at the end.</summary>
    internal async Coroutine<(bool Some, RedisMessage Message)> Next()
    {
        try
        {
            var message = await _messages.GetAsync();
            ControlReading();
            return (true, message);
        }
        catch (QueueShutDownException)
        {
            return _failure is { } failure ? throw failure.For("SUBSCRIBE", mayHaveRun: false) : (false, default);
        }
    }
}
