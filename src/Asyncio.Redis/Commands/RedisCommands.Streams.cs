using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Streams. To follow one, see RedisClient.ReadStreamAsync and ReadGroupAsync.
public abstract partial class RedisCommands
{
    /// <summary>Adds an entry to a stream. Redis: <c>XADD</c>.</summary>
    /// <param name="fields">Names and values.</param>
    /// <param name="id">Its number; <c>*</c> lets the server choose.</param>
    /// <param name="maxLength">To about how many entries the stream is cut from its old end.</param>
    /// <returns>Its number.</returns>
    public Coroutine<string> XAddAsync(RedisValue key, IEnumerable<KeyValuePair<RedisValue, RedisValue>> fields, string id = "*", long? maxLength = null)
    {
        RedisValue[] head = maxLength is { } length ? [key, "MAXLEN", "~", length, id] : [key, id];
        return Run(new Request("XADD", Flatten(head, fields, nameof(fields))), Reply.SomeText);
    }

    /// <summary>How many entries a stream has. Redis: <c>XLEN</c>.</summary>
    public Coroutine<long> XLenAsync(RedisValue key) => Run(new Request("XLEN", key), Reply.Integer);

    /// <summary>Deletes entries. Redis: <c>XDEL</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> XDelAsync(RedisValue key, params ReadOnlySpan<RedisValue> ids) => Run(OfSome("XDEL", key, ids, nameof(ids)), Reply.Integer);

    /// <summary>Cuts a stream from its old end. Redis: <c>XTRIM … MAXLEN</c>.</summary>
    /// <param name="approximately">True lets some more stay, which is faster.</param>
    /// <returns>How many entries were deleted.</returns>
    public Coroutine<long> XTrimAsync(RedisValue key, long maxLength, bool approximately = false) =>
        Run(new Request("XTRIM", [key, "MAXLEN", approximately ? "~" : "=", maxLength]), Reply.Integer);

    /// <summary>The entries between two, both included; <c>(id</c> leaves an end out. Redis: <c>XRANGE</c>.</summary>
    /// <param name="start">The first; <c>-</c> is the beginning.</param>
    /// <param name="end">The last; <c>+</c> is the end.</param>
    /// <param name="count">How many at most.</param>
    public Coroutine<RedisStreamEntry[]> XRangeAsync(RedisValue key, string start = "-", string end = "+", long? count = null) =>
        Run(new Request("XRANGE", count is { } some ? [key, start, end, "COUNT", some] : [key, start, end]), RedisStreamEntry.Several);

    /// <summary>As <see cref="XRangeAsync"/>, the last first. Redis: <c>XREVRANGE</c>.</summary>
    public Coroutine<RedisStreamEntry[]> XRevRangeAsync(RedisValue key, string end = "+", string start = "-", long? count = null) =>
        Run(new Request("XREVRANGE", count is { } some ? [key, end, start, "COUNT", some] : [key, end, start]), RedisStreamEntry.Several);

    /// <summary>The entries after one; empty if there are none. Redis: <c>XREAD</c>.</summary>
    /// <param name="after">An id; <c>0</c> is all, <c>$</c> those to come.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="timeout">For how many seconds to wait for some, on a connection of its own; null is not at all, infinity for ever.</param>
    public Coroutine<RedisStreamEntry[]> XReadAsync(RedisValue key, string after, long? count = null, double? timeout = null) =>
        Read(new Request("XREAD", [.. ReadOptions(count, timeout), "STREAMS", key, after]), RedisStreamEntry.OfStream, timeout);

    /// <summary>The new entries of several streams. Redis: <c>XREAD</c>.</summary>
    /// <param name="streams">Keys, and after which entry each is read.</param>
    /// <param name="count">How many of each at most.</param>
    /// <param name="timeout">For how many seconds to wait for some, on a connection of its own; null is not at all, infinity for ever.</param>
    /// <returns>Those that have some, by key.</returns>
    public Coroutine<Dictionary<string, RedisStreamEntry[]>> XReadAsync(IReadOnlyCollection<KeyValuePair<string, string>> streams, long? count = null, double? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfZero(streams.Count, nameof(streams));
        RedisValue[] words = [.. ReadOptions(count, timeout), "STREAMS", .. streams.Select(stream => (RedisValue)stream.Key), .. streams.Select(stream => (RedisValue)stream.Value)];
        return Read(new Request("XREAD", words), RedisStreamEntry.OfStreams, timeout);
    }

    /// <summary>Entries for a consumer of a group, which are its own until acknowledged. Redis: <c>XREADGROUP</c>.</summary>
    /// <param name="after"><c>&gt;</c> gives entries that no consumer has had; an id those that this one has not acknowledged, after it.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="timeout">For how many seconds to wait for some, on a connection of its own; null is not at all, infinity for ever.</param>
    public Coroutine<RedisStreamEntry[]> XReadGroupAsync(RedisValue key, string group, string consumer, string after = ">", long? count = null, double? timeout = null) =>
        Read(new Request("XREADGROUP", ["GROUP", group, consumer, .. ReadOptions(count, timeout), "STREAMS", key, after]), RedisStreamEntry.OfStream, timeout);

    /// <summary>Makes a group, and the stream if there is none. Redis: <c>XGROUP CREATE … MKSTREAM</c>.</summary>
    /// <param name="after">The entries after this one are for the group; <c>0</c> is all, <c>$</c> those to come.</param>
    /// <exception cref="RedisServerException"><c>BUSYGROUP</c>: it exists.</exception>
    public Coroutine XGroupCreateAsync(RedisValue key, string group, string after = "0") => Run(new Request("XGROUP", ["CREATE", key, group, after, "MKSTREAM"]));

    /// <summary>Deletes a group. Redis: <c>XGROUP DESTROY</c>.</summary>
    /// <returns>False if there was none.</returns>
    public Coroutine<bool> XGroupDestroyAsync(RedisValue key, string group) => Run(new Request("XGROUP", "DESTROY", key, group), Reply.Flag);

    /// <summary>Acknowledges entries. Redis: <c>XACK</c>.</summary>
    /// <returns>How many were pending.</returns>
    public Coroutine<long> XAckAsync(RedisValue key, string group, params ReadOnlySpan<RedisValue> ids) =>
        ids.IsEmpty ? throw new ArgumentException("At least one id is needed.", nameof(ids)) : Run(new Request("XACK", [key, group, .. ids]), Reply.Integer);

    /// <summary>The entries of a group that are not acknowledged. Redis: <c>XPENDING</c>.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="consumer">Only those of this one.</param>
    /// <param name="minIdle">Only those that somebody has had for so many seconds.</param>
    public Coroutine<RedisPendingEntry[]> XPendingAsync(RedisValue key, string group, long count = 100, string? consumer = null, double minIdle = 0)
    {
        RedisValue[] words = [key, group, "IDLE", (long)(minIdle * 1000), "-", "+", count];
        return Run(new Request("XPENDING", consumer is null ? words : [.. words, consumer]), RedisPendingEntry.Several);
    }

    /// <summary>Takes entries over from consumers that have had them for too long. Redis: <c>XAUTOCLAIM</c>.</summary>
    /// <param name="consumer">Who takes them.</param>
    /// <param name="minIdle">For how many seconds the other one has had them.</param>
    /// <param name="start">Where to begin; <c>0-0</c> is the beginning.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>Where to begin next time (<c>0-0</c> if all were seen), and the entries.</returns>
    public Coroutine<(string Next, RedisStreamEntry[] Entries)> XAutoClaimAsync(RedisValue key, string group, string consumer, double minIdle, string start = "0-0", long count = 100) =>
        Run(
            new Request("XAUTOCLAIM", [key, group, consumer, (long)(minIdle * 1000), start, "COUNT", count]),
            static reply => reply.Count >= 2 ? (Reply.SomeText(reply[0]), RedisStreamEntry.Several(reply[1])) : throw reply.IsNot("what XAUTOCLAIM gives"));

    private Coroutine<T> Read<T>(Request request, Func<RedisReply, T> convert, double? timeout) =>
        timeout is { } seconds ? RunBlocking(request, convert, seconds) : Run(request, convert);

    private static RedisValue[] ReadOptions(long? count, double? timeout)
    {
        List<RedisValue> words = [];
        if (count is { } some)
        {
            words.AddRange("COUNT", some);
        }

        if (timeout is { } seconds)
        {
            words.AddRange("BLOCK", (long)(Wait(seconds, nameof(timeout)) * 1000));
        }

        return [.. words];
    }
}
