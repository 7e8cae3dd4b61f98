using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Hashes: fields and values under one key.
public abstract partial class RedisCommands
{
    /// <summary>The value of a field; null if there is none. Redis: <c>HGET</c>.</summary>
    public Coroutine<RedisValue> HGetAsync(RedisValue key, RedisValue field) => Run(new Request("HGET", key, field), Reply.Value);

    /// <summary>Sets a field. Redis: <c>HSET</c>.</summary>
    /// <returns>True if it is new.</returns>
    public Coroutine<bool> HSetAsync(RedisValue key, RedisValue field, RedisValue value) => Run(new Request("HSET", key, field, value), Reply.Flag);

    /// <summary>Sets fields. Redis: <c>HSET</c>.</summary>
    /// <returns>How many are new.</returns>
    public Coroutine<long> HSetAsync(RedisValue key, IEnumerable<KeyValuePair<RedisValue, RedisValue>> fields) =>
        Run(new Request("HSET", Flatten([key], fields, nameof(fields))), Reply.Integer);

    /// <summary>Sets a field if it is not there. Redis: <c>HSETNX</c>.</summary>
    /// <returns>False if it is.</returns>
    public Coroutine<bool> HSetNxAsync(RedisValue key, RedisValue field, RedisValue value) => Run(new Request("HSETNX", key, field, value), Reply.Flag);

    /// <summary>The values of fields, null for those that are not there. Redis: <c>HMGET</c>.</summary>
    public Coroutine<RedisValue[]> HMGetAsync(RedisValue key, params ReadOnlySpan<RedisValue> fields) => Run(OfSome("HMGET", key, fields, nameof(fields)), Reply.Values);

    /// <summary>All fields and values; empty if there is no such key. Redis: <c>HGETALL</c>.</summary>
    public Coroutine<Dictionary<string, RedisValue>> HGetAllAsync(RedisValue key) => Run(new Request("HGETALL", key), Reply.Fields);

    /// <summary>Deletes fields. Redis: <c>HDEL</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> HDelAsync(RedisValue key, params ReadOnlySpan<RedisValue> fields) => Run(OfSome("HDEL", key, fields, nameof(fields)), Reply.Integer);

    /// <summary>Whether a field is there. Redis: <c>HEXISTS</c>.</summary>
    public Coroutine<bool> HExistsAsync(RedisValue key, RedisValue field) => Run(new Request("HEXISTS", key, field), Reply.Flag);

    /// <summary>Adds to the number in a field. Redis: <c>HINCRBY</c>.</summary>
    /// <returns>The sum.</returns>
    public Coroutine<long> HIncrByAsync(RedisValue key, RedisValue field, long by = 1) => Run(new Request("HINCRBY", key, field, by), Reply.Integer);

    /// <summary>Adds to the floating-point number in a field. Redis: <c>HINCRBYFLOAT</c>.</summary>
    /// <returns>The sum.</returns>
    public Coroutine<double> HIncrByFloatAsync(RedisValue key, RedisValue field, double by) => Run(new Request("HINCRBYFLOAT", key, field, by), Reply.Number);

    /// <summary>All fields. Redis: <c>HKEYS</c>.</summary>
    public Coroutine<string[]> HKeysAsync(RedisValue key) => Run(new Request("HKEYS", key), Reply.Texts);

    /// <summary>All values. Redis: <c>HVALS</c>.</summary>
    public Coroutine<RedisValue[]> HValsAsync(RedisValue key) => Run(new Request("HVALS", key), Reply.Values);

    /// <summary>How many fields there are. Redis: <c>HLEN</c>.</summary>
    public Coroutine<long> HLenAsync(RedisValue key) => Run(new Request("HLEN", key), Reply.Integer);

    /// <summary>The length of a field's value in bytes; 0 if there is none. Redis: <c>HSTRLEN</c>.</summary>
    public Coroutine<long> HStrLenAsync(RedisValue key, RedisValue field) => Run(new Request("HSTRLEN", key, field), Reply.Integer);

    /// <summary>The fields and values, in pieces; see <see cref="ScanAsync"/>. Redis: <c>HSCAN</c>.</summary>
    public IAsyncEnumerable<KeyValuePair<RedisValue, RedisValue>> HScanAsync(RedisValue key, string? pattern = null, int count = 100) =>
        Scan("HSCAN", key, pattern, count, [], 2, static (items, i) => KeyValuePair.Create(items[i].AsValue(), items[i + 1].AsValue()));
}
