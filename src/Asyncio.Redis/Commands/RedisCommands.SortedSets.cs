using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Sorted sets: members with scores.
public abstract partial class RedisCommands
{
    private static readonly Func<RedisReply, (RedisValue Key, RedisScoredMember Member)?> s_keyAndMember = static reply =>
    {
        if (reply.IsNull)
        {
            return null;
        }

        var parts = Reply.Exactly(reply, 3);
        return (parts[0].AsValue(), new RedisScoredMember(parts[1].AsValue(), parts[2].AsDouble()));
    };

    /// <summary>Adds a member, or changes its score. Redis: <c>ZADD</c>.</summary>
    /// <returns>True if it is new.</returns>
    public Coroutine<bool> ZAddAsync(RedisValue key, RedisValue member, double score) => Run(new Request("ZADD", key, score, member), Reply.Flag);

    /// <summary>Adds members, or changes their scores. Redis: <c>ZADD</c>.</summary>
    /// <param name="when">Only new ones, or only those that are there.</param>
    /// <param name="onlyGreater">A score is changed only to a greater one.</param>
    /// <param name="onlyLess">A score is changed only to a lesser one.</param>
    /// <returns>How many are new or were changed.</returns>
    public Coroutine<long> ZAddAsync(RedisValue key, IEnumerable<RedisScoredMember> members, RedisWhen when = RedisWhen.Always, bool onlyGreater = false, bool onlyLess = false)
    {
        ArgumentNullException.ThrowIfNull(members);
        List<RedisValue> words = [key, "CH"];
        if (Word(when) is { } condition)
        {
            words.Add(condition);
        }

        if (onlyGreater)
        {
            words.Add("GT");
        }

        if (onlyLess)
        {
            words.Add("LT");
        }

        var head = words.Count;
        foreach (var (member, score) in members)
        {
            words.AddRange(score, member);
        }

        return words.Count > head ? Run(new Request("ZADD", [.. words]), Reply.Integer) : throw new ArgumentException("At least one member is needed.", nameof(members));
    }

    /// <summary>Adds to a member's score; one that is not there has 0. Redis: <c>ZINCRBY</c>.</summary>
    /// <returns>The sum.</returns>
    public Coroutine<double> ZIncrByAsync(RedisValue key, RedisValue member, double by = 1) => Run(new Request("ZINCRBY", key, by, member), Reply.Number);

    /// <summary>Removes members. Redis: <c>ZREM</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> ZRemAsync(RedisValue key, params ReadOnlySpan<RedisValue> members) => Run(OfSome("ZREM", key, members, nameof(members)), Reply.Integer);

    /// <summary>A member's score; null if it is not there. Redis: <c>ZSCORE</c>.</summary>
    public Coroutine<double?> ZScoreAsync(RedisValue key, RedisValue member) => Run(new Request("ZSCORE", key, member), Reply.MaybeNumber);

    /// <summary>The scores of members, null for those that are not there. Redis: <c>ZMSCORE</c>.</summary>
    public Coroutine<double?[]> ZMScoreAsync(RedisValue key, params ReadOnlySpan<RedisValue> members) => Run(OfSome("ZMSCORE", key, members, nameof(members)), Reply.MaybeNumbers);

    /// <summary>A member's position from the lowest score on, which is 0; null if it is not there. Redis: <c>ZRANK</c>.</summary>
    public Coroutine<long?> ZRankAsync(RedisValue key, RedisValue member) => Run(new Request("ZRANK", key, member), Reply.MaybeInteger);

    /// <summary>A member's position from the highest score on, which is 0; null if it is not there. Redis: <c>ZREVRANK</c>.</summary>
    public Coroutine<long?> ZRevRankAsync(RedisValue key, RedisValue member) => Run(new Request("ZREVRANK", key, member), Reply.MaybeInteger);

    /// <summary>How many members there are. Redis: <c>ZCARD</c>.</summary>
    public Coroutine<long> ZCardAsync(RedisValue key) => Run(new Request("ZCARD", key), Reply.Integer);

    /// <summary>How many members have a score between two, both included. Redis: <c>ZCOUNT</c>.</summary>
    public Coroutine<long> ZCountAsync(RedisValue key, double min = double.NegativeInfinity, double max = double.PositiveInfinity) =>
        Run(new Request("ZCOUNT", key, min, max), Reply.Integer);

    /// <summary>The members between two positions, both included; negative ones count from the end. Redis: <c>ZRANGE</c>.</summary>
    /// <param name="reverse">True begins with the highest score.</param>
    public Coroutine<RedisValue[]> ZRangeAsync(RedisValue key, long start = 0, long stop = -1, bool reverse = false) =>
        Run(new Request("ZRANGE", Range(key, start, stop, null, reverse, 0, -1)), Reply.Values);

    /// <summary>As <see cref="ZRangeAsync"/>, with the scores. Redis: <c>ZRANGE … WITHSCORES</c>.</summary>
    public Coroutine<RedisScoredMember[]> ZRangeWithScoresAsync(RedisValue key, long start = 0, long stop = -1, bool reverse = false) =>
        Run(new Request("ZRANGE", [.. Range(key, start, stop, null, reverse, 0, -1), "WITHSCORES"]), Reply.Scored);

    /// <summary>The members with a score between two, both included. Redis: <c>ZRANGE … BYSCORE</c>.</summary>
    /// <param name="reverse">True begins with the highest score.</param>
    /// <param name="offset">How many of them to pass over.</param>
    /// <param name="count">How many at most; negative is all.</param>
    public Coroutine<RedisValue[]> ZRangeByScoreAsync(
        RedisValue key, double min = double.NegativeInfinity, double max = double.PositiveInfinity, bool reverse = false, long offset = 0, long count = -1) =>
        Run(new Request("ZRANGE", Range(key, min, max, "BYSCORE", reverse, offset, count)), Reply.Values);

    /// <summary>As <see cref="ZRangeByScoreAsync"/>, with the scores. Redis: <c>ZRANGE … BYSCORE WITHSCORES</c>.</summary>
    public Coroutine<RedisScoredMember[]> ZRangeByScoreWithScoresAsync(
        RedisValue key, double min = double.NegativeInfinity, double max = double.PositiveInfinity, bool reverse = false, long offset = 0, long count = -1) =>
        Run(new Request("ZRANGE", [.. Range(key, min, max, "BYSCORE", reverse, offset, count), "WITHSCORES"]), Reply.Scored);

    /// <summary>Of members that all have the same score, those between two: <c>[a</c> includes the end, <c>(a</c> does not, <c>-</c> and <c>+</c> are the ends. Redis: <c>ZRANGE … BYLEX</c>.</summary>
    public Coroutine<RedisValue[]> ZRangeByLexAsync(RedisValue key, RedisValue min, RedisValue max, bool reverse = false, long offset = 0, long count = -1) =>
        Run(new Request("ZRANGE", Range(key, min, max, "BYLEX", reverse, offset, count)), Reply.Values);

    /// <summary>Removes the members between two positions, both included. Redis: <c>ZREMRANGEBYRANK</c>.</summary>
    /// <returns>How many they were.</returns>
    public Coroutine<long> ZRemRangeByRankAsync(RedisValue key, long start, long stop) => Run(new Request("ZREMRANGEBYRANK", key, start, stop), Reply.Integer);

    /// <summary>Removes the members with a score between two, both included. Redis: <c>ZREMRANGEBYSCORE</c>.</summary>
    /// <returns>How many they were.</returns>
    public Coroutine<long> ZRemRangeByScoreAsync(RedisValue key, double min, double max) => Run(new Request("ZREMRANGEBYSCORE", key, min, max), Reply.Integer);

    /// <summary>Takes the members with the lowest scores. Redis: <c>ZPOPMIN</c>.</summary>
    public Coroutine<RedisScoredMember[]> ZPopMinAsync(RedisValue key, long count = 1) => Run(new Request("ZPOPMIN", key, count), Reply.Scored);

    /// <summary>Takes the members with the highest scores. Redis: <c>ZPOPMAX</c>.</summary>
    public Coroutine<RedisScoredMember[]> ZPopMaxAsync(RedisValue key, long count = 1) => Run(new Request("ZPOPMAX", key, count), Reply.Scored);

    /// <summary>Takes the member with the lowest score of the first of some sets that has one, waiting for one if need be, on a connection of its own. Redis: <c>BZPOPMIN</c>.</summary>
    /// <inheritdoc cref="BLPopAsync(RedisValue[], double)"/>
    public Coroutine<(RedisValue Key, RedisScoredMember Member)?> BZPopMinAsync(RedisValue[] keys, double timeout = double.PositiveInfinity) =>
        RunBlocking(OfKeys("BZPOPMIN", keys, timeout), s_keyAndMember, timeout);

    /// <summary>Takes the member with the highest score of the first of some sets that has one, waiting for one if need be, on a connection of its own. Redis: <c>BZPOPMAX</c>.</summary>
    /// <inheritdoc cref="BLPopAsync(RedisValue[], double)"/>
    public Coroutine<(RedisValue Key, RedisScoredMember Member)?> BZPopMaxAsync(RedisValue[] keys, double timeout = double.PositiveInfinity) =>
        RunBlocking(OfKeys("BZPOPMAX", keys, timeout), s_keyAndMember, timeout);

    /// <summary>Stores the members of any of the sets, with the sums of their scores. Redis: <c>ZUNIONSTORE</c>.</summary>
    /// <returns>How many they are.</returns>
    public Coroutine<long> ZUnionStoreAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(new Request("ZUNIONSTORE", [destination, keys.Length, .. keys]), Reply.Integer);

    /// <summary>Stores the members of all of the sets, with the sums of their scores. Redis: <c>ZINTERSTORE</c>.</summary>
    /// <returns>How many they are.</returns>
    public Coroutine<long> ZInterStoreAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(new Request("ZINTERSTORE", [destination, keys.Length, .. keys]), Reply.Integer);

    /// <summary>The members and scores, in pieces; see <see cref="ScanAsync"/>. Redis: <c>ZSCAN</c>.</summary>
    public IAsyncEnumerable<RedisScoredMember> ZScanAsync(RedisValue key, string? pattern = null, int count = 100) =>
        Scan("ZSCAN", key, pattern, count, [], 2, static (items, i) => new RedisScoredMember(items[i].AsValue(), items[i + 1].AsDouble()));

    // The server wants the upper end first where it goes from above.
    private static RedisValue[] Range(RedisValue key, RedisValue min, RedisValue max, string? by, bool reverse, long offset, long count)
    {
        List<RedisValue> words = reverse && by is not null ? [key, max, min] : [key, min, max];
        if (by is not null)
        {
            words.Add(by);
        }

        if (reverse)
        {
            words.Add("REV");
        }

        if (offset != 0 || count >= 0)
        {
            words.AddRange("LIMIT", offset, count);
        }

        return [.. words];
    }
}
