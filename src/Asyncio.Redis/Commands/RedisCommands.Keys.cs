using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Keys of any type.
public abstract partial class RedisCommands
{
    /// <summary>How many of the keys exist; one named twice counts twice. Redis: <c>EXISTS</c>.</summary>
    public Coroutine<long> ExistsAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("EXISTS", keys), Reply.Integer);

    /// <summary>Deletes keys. Redis: <c>DEL</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> DelAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("DEL", keys), Reply.Integer);

    /// <summary>Deletes keys; their memory is freed in the background. Redis: <c>UNLINK</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> UnlinkAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("UNLINK", keys), Reply.Integer);

    /// <summary>Lets a key be gone after so many seconds. Redis: <c>PEXPIRE</c>.</summary>
    /// <returns>False if there is no such key.</returns>
    public Coroutine<bool> ExpireAsync(RedisValue key, double seconds) => Run(new Request("PEXPIRE", key, Milliseconds(seconds, nameof(seconds))), Reply.Flag);

    /// <summary>Lets a key be gone at a time, by the server's clock. Redis: <c>PEXPIREAT</c>.</summary>
    /// <returns>False if there is no such key.</returns>
    public Coroutine<bool> ExpireAtAsync(RedisValue key, DateTimeOffset time) => Run(new Request("PEXPIREAT", key, time.ToUnixTimeMilliseconds()), Reply.Flag);

    /// <summary>Lets a key stay. Redis: <c>PERSIST</c>.</summary>
    /// <returns>False if there is no such key, or it stayed anyway.</returns>
    public Coroutine<bool> PersistAsync(RedisValue key) => Run(new Request("PERSIST", key), Reply.Flag);

    /// <summary>The seconds that a key has left: infinity if it stays, null if there is none. Redis: <c>PTTL</c>.</summary>
    public Coroutine<double?> TtlAsync(RedisValue key) => Run(new Request("PTTL", key), Reply.Lifetime);

    /// <summary>What a key holds: <c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c> or <c>none</c>. Redis: <c>TYPE</c>.</summary>
    public Coroutine<string> TypeAsync(RedisValue key) => Run(new Request("TYPE", key), Reply.SomeText);

    /// <summary>Renames a key; what had the new name is gone. Redis: <c>RENAME</c>.</summary>
    public Coroutine RenameAsync(RedisValue key, RedisValue newKey) => Run(new Request("RENAME", key, newKey));

    /// <summary>Renames a key if nothing has the new name. Redis: <c>RENAMENX</c>.</summary>
    /// <returns>False if something has.</returns>
    public Coroutine<bool> RenameNxAsync(RedisValue key, RedisValue newKey) => Run(new Request("RENAMENX", key, newKey), Reply.Flag);

    /// <summary>Copies a key. Redis: <c>COPY</c>.</summary>
    /// <param name="replace">True also if something has the other name.</param>
    /// <returns>False if nothing was copied.</returns>
    public Coroutine<bool> CopyAsync(RedisValue source, RedisValue destination, bool replace = false) =>
        Run(replace ? new Request("COPY", source, destination, "REPLACE") : new Request("COPY", source, destination), Reply.Flag);

    /// <summary>Marks keys as just used. Redis: <c>TOUCH</c>.</summary>
    /// <returns>How many there are.</returns>
    public Coroutine<long> TouchAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("TOUCH", keys), Reply.Integer);

    /// <summary>Any key; null if there is none. Redis: <c>RANDOMKEY</c>.</summary>
    public Coroutine<RedisValue> RandomKeyAsync() => Run(new Request("RANDOMKEY"), Reply.Value);

    /// <summary>All keys that match a pattern. It holds up the server while it looks; <see cref="ScanAsync"/> does not. Redis: <c>KEYS</c>.</summary>
    public Coroutine<string[]> KeysAsync(RedisValue pattern) => Run(new Request("KEYS", pattern), Reply.Texts);

    /// <summary>
    /// The keys, in pieces: <c>await foreach (var key in redis.ScanAsync("user:*"))</c>. Those that are there all the time are given, some perhaps twice.
    /// Redis: <c>SCAN</c>.
    /// </summary>
    /// <param name="pattern">Such as <c>user:*</c>; without it, all.</param>
    /// <param name="type">Only keys that hold this, as <see cref="TypeAsync"/> names it.</param>
    /// <param name="count">How many the server is to look at in one go.</param>
    public IAsyncEnumerable<RedisValue> ScanAsync(string? pattern = null, string? type = null, int count = 100)
    {
        List<RedisValue> options = type is null ? [] : ["TYPE", type];
        return Scan("SCAN", null, pattern, count, options, 1, static (items, i) => items[i].AsValue());
    }

    /// <summary>Goes through what a server gives in pieces.</summary>
    /// <param name="width">How many elements of a piece make one.</param>
    private async IAsyncEnumerable<T> Scan<T>(string name, RedisValue? key, string? pattern, int count, List<RedisValue> options, int width, Func<RedisReply, int, T> item)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (pattern is not null)
        {
            options.AddRange("MATCH", pattern);
        }

        options.AddRange("COUNT", count);
        RedisValue cursor = 0;
        do
        {
            RedisValue[] words = key is { } some ? [some, cursor, .. options] : [cursor, .. options];
            var (next, items) = await Run(new Request(name, words), static reply =>
            {
                var parts = Reply.Exactly(reply, 2);
                _ = parts[1].AsItems();
                return (parts[0].AsValue(), parts[1]);
            });
            for (var i = 0; i + width <= items.Count; i += width)
            {
                yield return item(items, i);
            }

            cursor = next;
        }
        while (cursor != 0);
    }
}
