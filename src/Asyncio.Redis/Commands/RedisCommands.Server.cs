using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// The server itself, and sending to channels.
public abstract partial class RedisCommands
{
    private static readonly Func<RedisReply, Dictionary<string, string>> s_info = static reply =>
    {
        var result = new Dictionary<string, string>();
        foreach (var line in Reply.SomeText(reply).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#' && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                result[line[..colon]] = line[(colon + 1)..];
            }
        }

        return result;
    };

    /// <summary>Asks whether the server answers. Redis: <c>PING</c>.</summary>
    /// <returns><c>PONG</c>.</returns>
    public Coroutine<string> PingAsync() => Run(new Request("PING"), Reply.SomeText);

    /// <summary>What is given. Redis: <c>ECHO</c>.</summary>
    public Coroutine<RedisValue> EchoAsync(RedisValue message) => Run(new Request("ECHO", message), Reply.Value);

    /// <summary>The server's clock. Redis: <c>TIME</c>.</summary>
    public Coroutine<DateTimeOffset> TimeAsync() => Run(new Request("TIME"), static reply =>
    {
        var parts = Reply.Exactly(reply, 2);
        return DateTimeOffset.UnixEpoch.AddSeconds(parts[0].AsInt64()).AddMicroseconds(parts[1].AsInt64());
    });

    /// <summary>What the server says about itself, such as <c>redis_version</c>. Redis: <c>INFO</c>.</summary>
    /// <param name="section">A part of it, such as <c>memory</c>; without it, the usual ones.</param>
    public Coroutine<Dictionary<string, string>> InfoAsync(string? section = null) => Run(section is null ? new Request("INFO") : new Request("INFO", section), s_info);

    /// <summary>How many keys the database has. Redis: <c>DBSIZE</c>.</summary>
    public Coroutine<long> DbSizeAsync() => Run(new Request("DBSIZE"), Reply.Integer);

    /// <summary>Deletes all keys of the database. Redis: <c>FLUSHDB</c>.</summary>
    public Coroutine FlushDbAsync() => Run(new Request("FLUSHDB"));

    /// <summary>Deletes all keys of all databases. Redis: <c>FLUSHALL</c>.</summary>
    public Coroutine FlushAllAsync() => Run(new Request("FLUSHALL"));

    /// <summary>The settings whose names match a pattern. Redis: <c>CONFIG GET</c>.</summary>
    public Coroutine<Dictionary<string, RedisValue>> ConfigGetAsync(string pattern) => Run(new Request("CONFIG", "GET", pattern), Reply.Fields);

    /// <summary>Changes a setting, until the server ends. Redis: <c>CONFIG SET</c>.</summary>
    public Coroutine ConfigSetAsync(string name, RedisValue value) => Run(new Request("CONFIG", "SET", name, value));

    /// <summary>Who is connected, a line each. Redis: <c>CLIENT LIST</c>.</summary>
    public Coroutine<string> ClientListAsync() => Run(new Request("CLIENT", "LIST"), Reply.SomeText);

    /// <summary>Sends a message to all who have subscribed to a channel; see <see cref="RedisClient.SubscribeAsync"/>. Redis: <c>PUBLISH</c>.</summary>
    /// <returns>How many got it.</returns>
    public Coroutine<long> PublishAsync(RedisValue channel, RedisValue message) => Run(new Request("PUBLISH", channel, message), Reply.Integer);

    /// <summary>The channels that somebody has subscribed to. Redis: <c>PUBSUB CHANNELS</c>.</summary>
    public Coroutine<string[]> PubSubChannelsAsync(string pattern = "*") => Run(new Request("PUBSUB", "CHANNELS", pattern), Reply.Texts);

    /// <summary>How many have subscribed to a channel, those by a pattern not counted. Redis: <c>PUBSUB NUMSUB</c>.</summary>
    public Coroutine<long> PubSubNumSubAsync(string channel) => Run(new Request("PUBSUB", "NUMSUB", channel), static reply => Reply.Exactly(reply, 2)[1].AsInt64());
}
