using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Commands;

/// <summary>Hashes, lists, sets and sorted sets.</summary>
public class CollectionTests
{
    [Fact]
    public void Hashes() => OnServer.Run(async (redis, key) =>
    {
        Assert.True(await redis.HSetAsync(key, "name", "Ada"));
        Assert.False(await redis.HSetAsync(key, "name", "Bob"));
        Assert.Equal(2, await redis.HSetAsync(key, [new("age", 36), new("name", "Ada"), new("pi", 3.5)]));
        Assert.False(await redis.HSetNxAsync(key, "name", "Eve"));
        Assert.Equal("Ada", (string?)await redis.HGetAsync(key, "name"));
        Assert.Equal(["36", null], (await redis.HMGetAsync(key, "age", "none")).Select(value => (string?)value));
        var all = await redis.HGetAllAsync(key);
        Assert.Equal(("Ada", 36, 3.5), (all["name"].ToString(), (int)all["age"], (double)all["pi"]));
        Assert.Empty(await redis.HGetAllAsync(key + "none"));
        Assert.Equal(37, await redis.HIncrByAsync(key, "age"));
        Assert.Equal(4.0, await redis.HIncrByFloatAsync(key, "pi", 0.5));
        Assert.Equal(["age", "name", "pi"], (await redis.HKeysAsync(key)).Order());
        Assert.Equal(["37", "4", "Ada"], (await redis.HValsAsync(key)).Select(value => value.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(3, await redis.HLenAsync(key));
        Assert.Equal(3, await redis.HStrLenAsync(key, "name"));
        Assert.True(await redis.HExistsAsync(key, "name"));
        Assert.Equal(1, await redis.HDelAsync(key, "name", "none"));
    });

    [Fact]
    public void Lists() => OnServer.Run(async (redis, key) =>
    {
        Assert.Equal(0, await redis.LPushXAsync(key, 1));
        Assert.Equal(3, await redis.RPushAsync(key, "a", "b", "c"));
        Assert.Equal(5, await redis.LPushAsync(key, "y", "x"));
        Assert.Equal("xyabc", await Joined());
        Assert.Equal(5, await redis.LLenAsync(key));
        Assert.Equal("c", (string?)await redis.LIndexAsync(key, -1));
        Assert.True((await redis.LIndexAsync(key, 99)).IsNull);
        Assert.Equal(6, await redis.LInsertBeforeAsync(key, "a", "-"));
        Assert.Equal(7, await redis.LInsertAfterAsync(key, "a", "-"));
        Assert.Equal(3, await redis.LPosAsync(key, "a"));
        Assert.Null(await redis.LPosAsync(key, "none"));
        Assert.Equal(2, await redis.LRemAsync(key, "-"));
        await redis.LSetAsync(key, 0, "z");
        Assert.Equal("zyabc", await Joined());
        await redis.LTrimAsync(key, 0, 3);
        Assert.Equal("b", (string?)await redis.RPopAsync(key));
        Assert.Equal(["z", "y"], (await redis.LPopAsync(key, 2)).Select(value => value.ToString()));
        Assert.Equal("a", (string?)await redis.LMoveAsync(key, key + "2"));
        Assert.True((await redis.LPopAsync(key)).IsNull);
        Assert.Empty(await redis.RPopAsync(key, 2));
        Assert.Equal(2, await redis.RPushXAsync(key + "2", "b"));

        async Coroutine<string> Joined() => string.Concat((await redis.LRangeAsync(key)).Select(value => value.ToString()));
    });

    [Fact]
    public void Sets() => OnServer.Run(async (redis, key) =>
    {
        var (left, right) = (key + "l", key + "r");
        Assert.Equal(3, await redis.SAddAsync(left, 1, 2, 3));
        Assert.Equal(3, await redis.SAddAsync(right, 2, 3, 4));
        Assert.True(await redis.SIsMemberAsync(left, 1));
        Assert.Equal<bool[]>([true, false], await redis.SMIsMemberAsync(left, 1, 4));
        Assert.Equal<int[]>([2, 3], Sorted(await redis.SInterAsync(left, right)));
        Assert.Equal<int[]>([1, 2, 3, 4], Sorted(await redis.SUnionAsync(left, right)));
        Assert.Equal<int[]>([1], Sorted(await redis.SDiffAsync(left, right)));
        Assert.Equal(2, await redis.SInterStoreAsync(key, left, right));
        Assert.Equal(4, await redis.SUnionStoreAsync(key, left, right));
        Assert.Equal(1, await redis.SDiffStoreAsync(key, left, right));
        Assert.Equal<int[]>([1], Sorted(await redis.SMembersAsync(key)));
        Assert.True(await redis.SMoveAsync(left, right, 1));
        Assert.Equal(4, await redis.SCardAsync(right));
        Assert.Equal(2, (await redis.SRandMemberAsync(right, 2)).Length);
        Assert.Equal(1, await redis.SRemAsync(right, 1, 99));
        Assert.Equal(3, (await redis.SPopAsync(right, 10)).Length);
        Assert.True((await redis.SPopAsync(right)).IsNull);
        Assert.True(await redis.PfAddAsync(key + "h", "a", "b"));
        await redis.PfMergeAsync(key + "h2", key + "h");
        Assert.Equal(2, await redis.PfCountAsync(key + "h", key + "h2"));
    });

    [Fact]
    public void Sorted_sets() => OnServer.Run(async (redis, key) =>
    {
        Assert.True(await redis.ZAddAsync(key, "a", 1));
        Assert.Equal(3, await redis.ZAddAsync(key, [new("b", 2.5), new("c", double.PositiveInfinity), new("a", 1), new("d", -4)]));
        Assert.Equal(1, await redis.ZAddAsync(key, [new("a", 0), new("b", 3)], onlyGreater: true));
        Assert.Equal(0, await redis.ZAddAsync(key, [new("a", 9)], RedisWhen.NotExists));
        Assert.Equal(["d", "a", "b", "c"], Texts(await redis.ZRangeAsync(key)));
        Assert.Equal(["c", "b"], Texts(await redis.ZRangeAsync(key, 0, 1, reverse: true)));
        Assert.Equal([new("d", -4), new("a", 1)], await redis.ZRangeWithScoresAsync(key, 0, 1));
        Assert.Equal(["a", "b"], Texts(await redis.ZRangeByScoreAsync(key, 0, 10)));
        Assert.Equal(["a"], Texts(await redis.ZRangeByScoreAsync(key, 0, 10, reverse: true, offset: 1, count: 1)));
        Assert.Equal([new("c", double.PositiveInfinity)], await redis.ZRangeByScoreWithScoresAsync(key, 10));
        Assert.Equal(2, await redis.ZCountAsync(key, 0, 10));
        Assert.Equal(4, await redis.ZCardAsync(key));
        Assert.Equal(3, await redis.ZScoreAsync(key, "b"));
        Assert.Null(await redis.ZScoreAsync(key, "none"));
        Assert.Equal([1, null], await redis.ZMScoreAsync(key, "a", "none"));
        Assert.Equal((1, 2), (await redis.ZRankAsync(key, "a"), await redis.ZRevRankAsync(key, "a")));
        Assert.Null(await redis.ZRankAsync(key, "none"));
        Assert.Equal(1.5, await redis.ZIncrByAsync(key, "a", 0.5));
        Assert.Equal([new("d", -4)], await redis.ZPopMinAsync(key));
        Assert.Equal([new("c", double.PositiveInfinity)], await redis.ZPopMaxAsync(key));
        Assert.Equal(2, await redis.ZUnionStoreAsync(key + "u", key, key + "none"));
        Assert.Equal(0, await redis.ZInterStoreAsync(key + "i", key, key + "none"));
        Assert.Equal(1, await redis.ZRemRangeByRankAsync(key, 0, 0));
        Assert.Equal(1, await redis.ZRemRangeByScoreAsync(key, 0, 10));
        await redis.ZAddAsync(key, [new("x", 0), new("y", 0), new("z", 0)]);
        Assert.Equal(["x", "y"], Texts(await redis.ZRangeByLexAsync(key, "-", "(z")));
        Assert.Equal(["z", "y"], Texts(await redis.ZRangeByLexAsync(key, "[y", "+", reverse: true)));
        Assert.Equal(1, await redis.ZRemAsync(key, "x", "none"));
    });

    [Fact]
    public void The_server_itself() => OnServer.Run(async (redis, key) =>
    {
        Assert.Equal("PONG", await redis.PingAsync());
        Assert.Equal("hello", (string?)await redis.EchoAsync("hello"));
        Assert.Equal("standalone", (await redis.InfoAsync("server"))["redis_mode"]);
        Assert.Contains("used_memory", (await redis.InfoAsync()).Keys);
        Assert.InRange(await redis.TimeAsync(), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal("noeviction", (await redis.ConfigGetAsync("maxmemory-policy"))["maxmemory-policy"].ToString());
        await redis.ConfigSetAsync("lua-time-limit", 5000);
        Assert.Contains("addr=", await redis.ClientListAsync());
        await using var other = new RedisClient(redis.Options with { Database = 7, ClientName = "second" });
        await other.SetAsync(key, 1);
        Assert.Equal(1, await other.DbSizeAsync());
        Assert.Equal(0, await redis.ExistsAsync(key));
        Assert.Contains("name=second", await other.ClientListAsync());
        await other.FlushDbAsync();
        Assert.Equal(0, await other.DbSizeAsync());
    });

    private static int[] Sorted(RedisValue[] values) => [.. values.Select(value => (int)value).Order()];

    private static string[] Texts(RedisValue[] values) => [.. values.Select(value => value.ToString())];
}
