using Asyncio.Redis.Connections;

namespace Asyncio.Redis;

// What goes on without end: channels and streams.
public sealed partial class RedisClient
{
    /// <summary>How long the server is asked to wait for entries in one go: whether it is still there is known after that.</summary>
    private const double StreamWait = 10;

    private readonly HashSet<RedisSubscription> _subscriptions = [];

    /// <summary>Listens to channels. Redis: <c>SUBSCRIBE</c>.</summary>
    /// <param name="channels">The channels.</param>
    /// <returns>When the server has confirmed them; to be read with <c>await foreach</c> and disposed of.</returns>
    /// <exception cref="RedisConnectionException">There is no server.</exception>
    /// <remarks>Suspends. Cancelled, it leaves nothing behind.</remarks>
    public Coroutine<RedisSubscription> SubscribeAsync(params ReadOnlySpan<string> channels) => Listen(channels.ToArray(), []);

    /// <summary>Listens to all channels whose names match a pattern: <c>news.*</c>. Redis: <c>PSUBSCRIBE</c>.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <inheritdoc cref="SubscribeAsync"/>
    public Coroutine<RedisSubscription> PSubscribeAsync(params ReadOnlySpan<string> patterns) => Listen([], patterns.ToArray());

    /// <summary>Follows a stream: what is in it after an entry, then what comes, without end.</summary>
    /// <param name="key">The stream; it need not exist yet.</param>
    /// <param name="after">An id; <c>0</c> is all, <c>$</c> what comes from now on.</param>
    /// <param name="count">How many entries to fetch at most in one go.</param>
    /// <exception cref="RedisConnectionException">The connection was lost, and could not be made again. (If it could, the reading goes on where it was.)</exception>
    /// <remarks>
    /// <c>await foreach (var entry in redis.ReadStreamAsync("log"))</c>. It waits on a connection of the pool, which it gives back after each piece. Cancelling the
    /// task that waits ends it.
    /// </remarks>
    public async IAsyncEnumerable<RedisStreamEntry> ReadStreamAsync(string key, string after = "$", long count = 100)
    {
        ArgumentNullException.ThrowIfNull(key);
        var backoff = new Backoff(Core.Loop, Options);
        if (after == "$")
        {
            // Its number now: between two reads, "$" would pass over what came meanwhile.
            after = await XRevRangeAsync(key, count: 1) is [var last] ? last.Id : "0-0";
        }

        while (true)
        {
            RedisStreamEntry[] entries;
            try
            {
                entries = await XReadAsync(key, after, count, StreamWait);
            }
            catch (RedisConnectionException e) when (e.MayHaveRun && backoff.MayTryAgain)
            {
                await backoff.WaitAsync();
                continue;
            }

            backoff.Reset();
            foreach (var entry in entries)
            {
                after = entry.Id;
                yield return entry;
            }
        }
    }

    /// <summary>
    /// Works for a group: first what this consumer was given before and has not acknowledged, then what comes, without end. Each entry is to be acknowledged with
    /// <see cref="RedisCommands.XAckAsync"/>; one that is not comes again when the consumer begins anew.
    /// </summary>
    /// <param name="key">The stream.</param>
    /// <param name="group">The group; see <see cref="RedisCommands.XGroupCreateAsync"/>.</param>
    /// <param name="consumer">Who works.</param>
    /// <param name="count">How many entries to fetch at most in one go.</param>
    /// <exception cref="RedisServerException"><c>NOGROUP</c>: there is no such group.</exception>
    /// <exception cref="RedisConnectionException">The connection was lost, and could not be made again. (If it could, the reading goes on where it was.)</exception>
    /// <inheritdoc cref="ReadStreamAsync"/>
    public async IAsyncEnumerable<RedisStreamEntry> ReadGroupAsync(string key, string group, string consumer, long count = 10)
    {
        ArgumentNullException.ThrowIfNull(key);
        var backoff = new Backoff(Core.Loop, Options);
        var after = "0";
        var isOwed = true; // entries that this consumer has, and that were not given out here
        while (true)
        {
            RedisStreamEntry[] entries;
            try
            {
                entries = await XReadGroupAsync(key, group, consumer, isOwed ? after : ">", count, isOwed ? null : StreamWait);
            }
            catch (RedisConnectionException e) when (e.MayHaveRun && backoff.MayTryAgain)
            {
                isOwed = true; // the answer that was lost may have had some
                await backoff.WaitAsync();
                continue;
            }

            backoff.Reset();
            isOwed &= entries.Length > 0;
            foreach (var entry in entries)
            {
                after = entry.Id;
                yield return entry;
            }
        }
    }

    private async Coroutine<RedisSubscription> Listen(string[] channels, string[] patterns)
    {
        if (channels.Length + patterns.Length == 0)
        {
            throw new ArgumentException("At least one channel or pattern is needed.", nameof(channels));
        }

        var subscription = new RedisSubscription(Core.Connector, gone => _subscriptions.Remove(gone));
        _subscriptions.Add(subscription);
        try
        {
            await subscription.Begin(channels, patterns);
            return subscription;
        }
        catch
        {
            _subscriptions.Remove(subscription);
            throw;
        }
    }
}
