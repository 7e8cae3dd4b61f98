using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Strings, numbers and bits.
public abstract partial class RedisCommands
{
    /// <summary>The value of a key; null if there is none. <c>string? text = await redis.GetAsync("key")</c>. Redis: <c>GET</c>.</summary>
    public Coroutine<RedisValue> GetAsync(RedisValue key) => Run(new Request("GET", key), Reply.Value);

    /// <summary>Sets a key. Redis: <c>SET</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiry">After how many seconds it is gone; without it, never.</param>
    /// <param name="when">Under which condition.</param>
    /// <param name="keepTtl">True keeps the end that the key has had.</param>
    /// <returns>False if the condition did not hold.</returns>
    public Coroutine<bool> SetAsync(RedisValue key, RedisValue value, double? expiry = null, RedisWhen when = RedisWhen.Always, bool keepTtl = false) =>
        Run(expiry is null && when == RedisWhen.Always && !keepTtl ? new Request("SET", key, value) : SetWith(key, value, expiry, when, keepTtl), Reply.OkOrNull);

    /// <summary>Sets a key and gives what it was before; null if it was not. Redis: <c>SET … GET</c>.</summary>
    /// <inheritdoc cref="SetAsync"/>
    public Coroutine<RedisValue> SetGetAsync(RedisValue key, RedisValue value, double? expiry = null, RedisWhen when = RedisWhen.Always, bool keepTtl = false) =>
        Run(SetWith(key, value, expiry, when, keepTtl, "GET"), Reply.Value);

    /// <summary>The value of a key, which is deleted; null if there is none. Redis: <c>GETDEL</c>.</summary>
    public Coroutine<RedisValue> GetDelAsync(RedisValue key) => Run(new Request("GETDEL", key), Reply.Value);

    /// <summary>The value of a key, which is gone after <paramref name="expiry"/> seconds; infinity is never. Redis: <c>GETEX</c>.</summary>
    public Coroutine<RedisValue> GetExAsync(RedisValue key, double expiry) =>
        Run(new Request("GETEX", double.IsPositiveInfinity(expiry) ? [key, "PERSIST"] : [key, "PX", Milliseconds(expiry, nameof(expiry))]), Reply.Value);

    /// <summary>The values of keys, null for those that are not there. Redis: <c>MGET</c>.</summary>
    public Coroutine<RedisValue[]> MGetAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("MGET", keys), Reply.Values);

    /// <summary>Sets keys at once. Redis: <c>MSET</c>.</summary>
    public Coroutine MSetAsync(IEnumerable<KeyValuePair<RedisValue, RedisValue>> pairs) => Run(new Request("MSET", Flatten([], pairs, nameof(pairs))));

    /// <summary>Sets keys at once, if none of them exists. Redis: <c>MSETNX</c>.</summary>
    /// <returns>False if one exists.</returns>
    public Coroutine<bool> MSetNxAsync(IEnumerable<KeyValuePair<RedisValue, RedisValue>> pairs) => Run(new Request("MSETNX", Flatten([], pairs, nameof(pairs))), Reply.Flag);

    /// <summary>Adds to a number; a key that is not there counts as 0. Redis: <c>INCRBY</c>.</summary>
    /// <returns>The sum.</returns>
    public Coroutine<long> IncrAsync(RedisValue key, long by = 1) => Run(new Request("INCRBY", key, by), Reply.Integer);

    /// <summary>Subtracts from a number; a key that is not there counts as 0. Redis: <c>DECRBY</c>.</summary>
    /// <returns>The difference.</returns>
    public Coroutine<long> DecrAsync(RedisValue key, long by = 1) => Run(new Request("DECRBY", key, by), Reply.Integer);

    /// <summary>Adds to a floating-point number; a key that is not there counts as 0. Redis: <c>INCRBYFLOAT</c>.</summary>
    /// <returns>The sum.</returns>
    public Coroutine<double> IncrByFloatAsync(RedisValue key, double by) => Run(new Request("INCRBYFLOAT", key, by), Reply.Number);

    /// <summary>Puts something at the end of a value. Redis: <c>APPEND</c>.</summary>
    /// <returns>Its length then, in bytes.</returns>
    public Coroutine<long> AppendAsync(RedisValue key, RedisValue value) => Run(new Request("APPEND", key, value), Reply.Integer);

    /// <summary>The length of a value in bytes; 0 if there is none. Redis: <c>STRLEN</c>.</summary>
    public Coroutine<long> StrLenAsync(RedisValue key) => Run(new Request("STRLEN", key), Reply.Integer);

    /// <summary>A part of a value; negative positions count from the end, which is included. Redis: <c>GETRANGE</c>.</summary>
    public Coroutine<RedisValue> GetRangeAsync(RedisValue key, long start, long end) => Run(new Request("GETRANGE", key, start, end), Reply.Value);

    /// <summary>Overwrites a part of a value. Redis: <c>SETRANGE</c>.</summary>
    /// <returns>Its length then, in bytes.</returns>
    public Coroutine<long> SetRangeAsync(RedisValue key, long offset, RedisValue value) => Run(new Request("SETRANGE", key, offset, value), Reply.Integer);

    /// <summary>Sets a bit. Redis: <c>SETBIT</c>.</summary>
    /// <returns>What it was.</returns>
    public Coroutine<bool> SetBitAsync(RedisValue key, long offset, bool bit) => Run(new Request("SETBIT", key, offset, bit), Reply.Flag);

    /// <summary>A bit. Redis: <c>GETBIT</c>.</summary>
    public Coroutine<bool> GetBitAsync(RedisValue key, long offset) => Run(new Request("GETBIT", key, offset), Reply.Flag);

    /// <summary>How many bits are set. Redis: <c>BITCOUNT</c>.</summary>
    public Coroutine<long> BitCountAsync(RedisValue key) => Run(new Request("BITCOUNT", key), Reply.Integer);

    private static Request SetWith(RedisValue key, RedisValue value, double? expiry, RedisWhen when, bool keepTtl, string? get = null)
    {
        if (expiry is not null && keepTtl)
        {
            throw new ArgumentException("A new end and the old one exclude each other.", nameof(keepTtl));
        }

        List<RedisValue> words = [key, value];
        if (Word(when) is { } condition)
        {
            words.Add(condition);
        }

        if (get is not null)
        {
            words.Add(get);
        }

        if (expiry is { } seconds)
        {
            words.AddRange("PX", Milliseconds(seconds, nameof(expiry)));
        }
        else if (keepTtl)
        {
            words.Add("KEEPTTL");
        }

        return new Request("SET", [.. words]);
    }
}
