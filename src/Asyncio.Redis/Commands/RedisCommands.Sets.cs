using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

// Sets, and the sets that only count.
public abstract partial class RedisCommands
{
    /// <summary>Adds members. Redis: <c>SADD</c>.</summary>
    /// <returns>How many are new.</returns>
    public Coroutine<long> SAddAsync(RedisValue key, params ReadOnlySpan<RedisValue> members) => Run(OfSome("SADD", key, members, nameof(members)), Reply.Integer);

    /// <summary>Removes members. Redis: <c>SREM</c>.</summary>
    /// <returns>How many there were.</returns>
    public Coroutine<long> SRemAsync(RedisValue key, params ReadOnlySpan<RedisValue> members) => Run(OfSome("SREM", key, members, nameof(members)), Reply.Integer);

    /// <summary>All members. Redis: <c>SMEMBERS</c>.</summary>
    public Coroutine<RedisValue[]> SMembersAsync(RedisValue key) => Run(new Request("SMEMBERS", key), Reply.Values);

    /// <summary>Whether something is a member. Redis: <c>SISMEMBER</c>.</summary>
    public Coroutine<bool> SIsMemberAsync(RedisValue key, RedisValue member) => Run(new Request("SISMEMBER", key, member), Reply.Flag);

    /// <summary>Of each, whether it is a member. Redis: <c>SMISMEMBER</c>.</summary>
    public Coroutine<bool[]> SMIsMemberAsync(RedisValue key, params ReadOnlySpan<RedisValue> members) => Run(OfSome("SMISMEMBER", key, members, nameof(members)), Reply.Flags);

    /// <summary>How many members there are. Redis: <c>SCARD</c>.</summary>
    public Coroutine<long> SCardAsync(RedisValue key) => Run(new Request("SCARD", key), Reply.Integer);

    /// <summary>Takes any member; null if there is none. Redis: <c>SPOP</c>.</summary>
    public Coroutine<RedisValue> SPopAsync(RedisValue key) => Run(new Request("SPOP", key), Reply.Value);

    /// <summary>Takes up to so many members. Redis: <c>SPOP</c>.</summary>
    public Coroutine<RedisValue[]> SPopAsync(RedisValue key, long count) => Run(new Request("SPOP", key, count), Reply.Values);

    /// <summary>Any members; a negative number may give one several times. Redis: <c>SRANDMEMBER</c>.</summary>
    public Coroutine<RedisValue[]> SRandMemberAsync(RedisValue key, long count = 1) => Run(new Request("SRANDMEMBER", key, count), Reply.Values);

    /// <summary>Moves a member to another set. Redis: <c>SMOVE</c>.</summary>
    /// <returns>False if it was not there.</returns>
    public Coroutine<bool> SMoveAsync(RedisValue source, RedisValue destination, RedisValue member) => Run(new Request("SMOVE", source, destination, member), Reply.Flag);

    /// <summary>The members of all sets. Redis: <c>SINTER</c>.</summary>
    public Coroutine<RedisValue[]> SInterAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SINTER", keys), Reply.Values);

    /// <summary>The members of any set. Redis: <c>SUNION</c>.</summary>
    public Coroutine<RedisValue[]> SUnionAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SUNION", keys), Reply.Values);

    /// <summary>The members of the first set that are in none of the others. Redis: <c>SDIFF</c>.</summary>
    public Coroutine<RedisValue[]> SDiffAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SDIFF", keys), Reply.Values);

    /// <summary>Stores what <see cref="SInterAsync"/> gives. Redis: <c>SINTERSTORE</c>.</summary>
    /// <returns>How many they are.</returns>
    public Coroutine<long> SInterStoreAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SINTERSTORE", destination, keys, nameof(keys)), Reply.Integer);

    /// <summary>Stores what <see cref="SUnionAsync"/> gives. Redis: <c>SUNIONSTORE</c>.</summary>
    /// <returns>How many they are.</returns>
    public Coroutine<long> SUnionStoreAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SUNIONSTORE", destination, keys, nameof(keys)), Reply.Integer);

    /// <summary>Stores what <see cref="SDiffAsync"/> gives. Redis: <c>SDIFFSTORE</c>.</summary>
    /// <returns>How many they are.</returns>
    public Coroutine<long> SDiffStoreAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(OfSome("SDIFFSTORE", destination, keys, nameof(keys)), Reply.Integer);

    /// <summary>The members, in pieces; see <see cref="ScanAsync"/>. Redis: <c>SSCAN</c>.</summary>
    public IAsyncEnumerable<RedisValue> SScanAsync(RedisValue key, string? pattern = null, int count = 100) =>
        Scan("SSCAN", key, pattern, count, [], 1, static (items, i) => items[i].AsValue());

    /// <summary>Counts elements in, in 12 KiB however many they are. Redis: <c>PFADD</c>.</summary>
    /// <returns>True if the estimate changed.</returns>
    public Coroutine<bool> PfAddAsync(RedisValue key, params ReadOnlySpan<RedisValue> elements) => Run(Of("PFADD", key, elements), Reply.Flag);

    /// <summary>About how many different elements were counted, in all keys together. Redis: <c>PFCOUNT</c>.</summary>
    public Coroutine<long> PfCountAsync(params ReadOnlySpan<RedisValue> keys) => Run(OfSome("PFCOUNT", keys), Reply.Integer);

    /// <summary>Puts several counts together. Redis: <c>PFMERGE</c>.</summary>
    public Coroutine PfMergeAsync(RedisValue destination, params ReadOnlySpan<RedisValue> keys) => Run(Of("PFMERGE", destination, keys));
}
