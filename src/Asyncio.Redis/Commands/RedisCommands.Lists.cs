using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Lists, and waiting for what is put into them.
public abstract partial class RedisCommands
{
    private static readonly Func<RedisReply, (RedisValue Key, RedisValue Value)?> s_keyAndValue = static reply =>
    {
        if (reply.IsNull)
        {
            return null;
        }

        var pair = Reply.Exactly(reply, 2);
        return (pair[0].AsValue(), pair[1].AsValue());
    };

    /// <summary>Puts values at the left end, one after the other: the last is the first then. Redis: <c>LPUSH</c>.</summary>
    /// <returns>The list's length then.</returns>
    public Coroutine<long> LPushAsync(RedisValue key, params ReadOnlySpan<RedisValue> values) => Run(OfSome("LPUSH", key, values, nameof(values)), Reply.Integer);

    /// <summary>Puts values at the right end. Redis: <c>RPUSH</c>.</summary>
    /// <returns>The list's length then.</returns>
    public Coroutine<long> RPushAsync(RedisValue key, params ReadOnlySpan<RedisValue> values) => Run(OfSome("RPUSH", key, values, nameof(values)), Reply.Integer);

    /// <summary>As <see cref="LPushAsync"/>, if the list exists. Redis: <c>LPUSHX</c>.</summary>
    /// <returns>The list's length then; 0 if there is none.</returns>
    public Coroutine<long> LPushXAsync(RedisValue key, params ReadOnlySpan<RedisValue> values) => Run(OfSome("LPUSHX", key, values, nameof(values)), Reply.Integer);

    /// <summary>As <see cref="RPushAsync"/>, if the list exists. Redis: <c>RPUSHX</c>.</summary>
    /// <returns>The list's length then; 0 if there is none.</returns>
    public Coroutine<long> RPushXAsync(RedisValue key, params ReadOnlySpan<RedisValue> values) => Run(OfSome("RPUSHX", key, values, nameof(values)), Reply.Integer);

    /// <summary>Takes the value at the left end; null if there is none. Redis: <c>LPOP</c>.</summary>
    public Coroutine<RedisValue> LPopAsync(RedisValue key) => Run(new Request("LPOP", key), Reply.Value);

    /// <summary>Takes up to so many values at the left end. Redis: <c>LPOP</c>.</summary>
    public Coroutine<RedisValue[]> LPopAsync(RedisValue key, long count) => Run(new Request("LPOP", key, count), Reply.Values);

    /// <summary>Takes the value at the right end; null if there is none. Redis: <c>RPOP</c>.</summary>
    public Coroutine<RedisValue> RPopAsync(RedisValue key) => Run(new Request("RPOP", key), Reply.Value);

    /// <summary>Takes up to so many values at the right end. Redis: <c>RPOP</c>.</summary>
    public Coroutine<RedisValue[]> RPopAsync(RedisValue key, long count) => Run(new Request("RPOP", key, count), Reply.Values);

    /// <summary>The length of a list. Redis: <c>LLEN</c>.</summary>
    public Coroutine<long> LLenAsync(RedisValue key) => Run(new Request("LLEN", key), Reply.Integer);

    /// <summary>A value by its position; a negative one counts from the right. Null if there is none. Redis: <c>LINDEX</c>.</summary>
    public Coroutine<RedisValue> LIndexAsync(RedisValue key, long index) => Run(new Request("LINDEX", key, index), Reply.Value);

    /// <summary>The values between two positions, both included. Redis: <c>LRANGE</c>.</summary>
    public Coroutine<RedisValue[]> LRangeAsync(RedisValue key, long start = 0, long stop = -1) => Run(new Request("LRANGE", key, start, stop), Reply.Values);

    /// <summary>Puts a value before another one. Redis: <c>LINSERT … BEFORE</c>.</summary>
    /// <returns>The list's length then; 0 if there is no list, -1 if the pivot is not in it.</returns>
    public Coroutine<long> LInsertBeforeAsync(RedisValue key, RedisValue pivot, RedisValue value) => Run(new Request("LINSERT", [key, "BEFORE", pivot, value]), Reply.Integer);

    /// <summary>Puts a value after another one. Redis: <c>LINSERT … AFTER</c>.</summary>
    /// <returns>The list's length then; 0 if there is no list, -1 if the pivot is not in it.</returns>
    public Coroutine<long> LInsertAfterAsync(RedisValue key, RedisValue pivot, RedisValue value) => Run(new Request("LINSERT", [key, "AFTER", pivot, value]), Reply.Integer);

    /// <summary>Removes values that are equal to one: the first so many from the left; from the right if negative; all if 0. Redis: <c>LREM</c>.</summary>
    /// <returns>How many were removed.</returns>
    public Coroutine<long> LRemAsync(RedisValue key, RedisValue value, long count = 0) => Run(new Request("LREM", key, count, value), Reply.Integer);

    /// <summary>Replaces the value at a position, which must exist. Redis: <c>LSET</c>.</summary>
    public Coroutine LSetAsync(RedisValue key, long index, RedisValue value) => Run(new Request("LSET", key, index, value));

    /// <summary>Keeps only what is between two positions, both included. Redis: <c>LTRIM</c>.</summary>
    public Coroutine LTrimAsync(RedisValue key, long start, long stop) => Run(new Request("LTRIM", key, start, stop));

    /// <summary>The position of the first value that is equal to one; null if none is. Redis: <c>LPOS</c>.</summary>
    public Coroutine<long?> LPosAsync(RedisValue key, RedisValue value) => Run(new Request("LPOS", key, value), Reply.MaybeInteger);

    /// <summary>Takes a value at one end of a list and puts it at one end of another. Null if there is none. Redis: <c>LMOVE</c>.</summary>
    public Coroutine<RedisValue> LMoveAsync(RedisValue source, RedisValue destination, RedisListEnd from = RedisListEnd.Right, RedisListEnd to = RedisListEnd.Left) =>
        Run(new Request("LMOVE", [source, destination, Word(from), Word(to)]), Reply.Value);

    /// <summary>Takes the value at the left end of a list, waiting for one if need be, on a connection of its own. Redis: <c>BLPOP</c>.</summary>
    /// <param name="key">The list.</param>
    /// <param name="timeout">For how many seconds to wait; infinity is for ever.</param>
    /// <returns>Null if none came in time.</returns>
    /// <inheritdoc cref="BLPopAsync(RedisValue[], double)" path="/remarks"/>
    public Coroutine<RedisValue> BLPopAsync(RedisValue key, double timeout = double.PositiveInfinity) =>
        RunBlocking(new Request("BLPOP", key, Wait(timeout, nameof(timeout))), static reply => s_keyAndValue(reply)?.Value ?? default, timeout);

    /// <summary>Takes the value at the left end of the first of some lists that has one. Redis: <c>BLPOP</c>.</summary>
    /// <param name="keys">The lists.</param>
    /// <param name="timeout">For how many seconds to wait; infinity is for ever.</param>
    /// <returns>Null if none came in time.</returns>
    /// <remarks>
    /// Cancelled, it asks the server to wait no longer. If a value was taken before the server heard of it, that is returned, and the cancellation comes at the
    /// next await: no value is lost. A second cancellation, or no answer for <see cref="RedisOptions.ResponseTimeout"/>, gives the connection up.
    /// </remarks>
    public Coroutine<(RedisValue Key, RedisValue Value)?> BLPopAsync(RedisValue[] keys, double timeout = double.PositiveInfinity) =>
        RunBlocking(OfKeys("BLPOP", keys, timeout), s_keyAndValue, timeout);

    /// <summary>Takes the value at the right end of a list, waiting for one if need be, on a connection of its own. Redis: <c>BRPOP</c>.</summary>
    /// <inheritdoc cref="BLPopAsync(RedisValue, double)"/>
    public Coroutine<RedisValue> BRPopAsync(RedisValue key, double timeout = double.PositiveInfinity) =>
        RunBlocking(new Request("BRPOP", key, Wait(timeout, nameof(timeout))), static reply => s_keyAndValue(reply)?.Value ?? default, timeout);

    /// <summary>Takes the value at the right end of the first of some lists that has one. Redis: <c>BRPOP</c>.</summary>
    /// <inheritdoc cref="BLPopAsync(RedisValue[], double)"/>
    public Coroutine<(RedisValue Key, RedisValue Value)?> BRPopAsync(RedisValue[] keys, double timeout = double.PositiveInfinity) =>
        RunBlocking(OfKeys("BRPOP", keys, timeout), s_keyAndValue, timeout);

    /// <summary>As <see cref="LMoveAsync"/>, waiting for a value if need be, on a connection of its own. Redis: <c>BLMOVE</c>.</summary>
    /// <param name="timeout">For how many seconds to wait; infinity is for ever.</param>
    /// <returns>Null if none came in time.</returns>
    /// <inheritdoc cref="BLPopAsync(RedisValue[], double)" path="/remarks"/>
    public Coroutine<RedisValue> BLMoveAsync(
        RedisValue source, RedisValue destination, RedisListEnd from = RedisListEnd.Right, RedisListEnd to = RedisListEnd.Left, double timeout = double.PositiveInfinity) =>
        RunBlocking(new Request("BLMOVE", [source, destination, Word(from), Word(to), Wait(timeout, nameof(timeout))]), Reply.Value, timeout);

    private static Request OfKeys(string name, RedisValue[] keys, double timeout)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Length, nameof(keys));
        return new Request(name, [.. keys, Wait(timeout, nameof(timeout))]);
    }

    private static string Word(RedisListEnd end) => end switch
    {
        RedisListEnd.Left => "LEFT",
        RedisListEnd.Right => "RIGHT",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "A RedisListEnd is expected."),
    };
}
