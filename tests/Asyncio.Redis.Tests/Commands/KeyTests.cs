using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Commands;

/// <summary>Keys of any type, and strings beyond setting and getting.</summary>
public class KeyTests
{
    [Fact]
    public void Keys_live_and_end() => OnServer.Run(async (redis, key) =>
    {
        Assert.Null(await redis.TtlAsync(key));
        await redis.SetAsync(key, 1, expiry: 100);
        Assert.InRange((await redis.TtlAsync(key))!.Value, 1, 100);
        await redis.SetAsync(key, 2, keepTtl: true);
        Assert.InRange((await redis.TtlAsync(key))!.Value, 1, 100);
        Assert.True(await redis.PersistAsync(key));
        Assert.Equal(double.PositiveInfinity, await redis.TtlAsync(key));
        Assert.True(await redis.ExpireAsync(key, 50.5));
        Assert.False(await redis.ExpireAsync(key + "none", 5));
        Assert.True(await redis.ExpireAtAsync(key, await redis.TimeAsync() + TimeSpan.FromHours(1)));
        Assert.InRange((await redis.TtlAsync(key))!.Value, 1000, 3600);
        await redis.SetAsync(key, 3, expiry: 0.0001);
        await Stage.Until(async () => await redis.ExistsAsync(key) == 0);
        Assert.Equal("none", await redis.TypeAsync(key));
    });

    [Fact]
    public void Keys_are_set_under_conditions() => OnServer.Run(async (redis, key) =>
    {
        Assert.False(await redis.SetAsync(key, "a", when: RedisWhen.Exists));
        Assert.True(await redis.SetAsync(key, "a", when: RedisWhen.NotExists));
        Assert.False(await redis.SetAsync(key, "b", when: RedisWhen.NotExists, expiry: 5));
        Assert.Equal("a", (string?)await redis.SetGetAsync(key, "c"));
        Assert.Equal("c", (string?)await redis.GetExAsync(key, 100));
        Assert.InRange((await redis.TtlAsync(key))!.Value, 1, 100);
        await redis.GetExAsync(key, double.PositiveInfinity);
        Assert.Equal(double.PositiveInfinity, await redis.TtlAsync(key));
        Assert.Equal("c", (string?)await redis.GetDelAsync(key));
        Assert.True((await redis.GetDelAsync(key)).IsNull);
    });

    [Fact]
    public void Keys_are_renamed_copied_and_deleted() => OnServer.Run(async (redis, key) =>
    {
        var other = key + ":other";
        await redis.MSetAsync([new(key, "a"), new(other, "b")]);
        Assert.False(await redis.MSetNxAsync([new(key, "a"), new(key + ":third", "b")]));
        Assert.Equal(["a", "b", null], (await redis.MGetAsync(key, other, key + ":third")).Select(value => (string?)value));
        Assert.Equal(3, await redis.ExistsAsync(key, key, other));
        Assert.False(await redis.RenameNxAsync(key, other));
        await redis.RenameAsync(key, other);
        Assert.True(await redis.CopyAsync(other, key));
        Assert.False(await redis.CopyAsync(other, key));
        Assert.True(await redis.CopyAsync(other, key, replace: true));
        Assert.Equal("string", await redis.TypeAsync(key));
        Assert.Equal([key, other], (await redis.KeysAsync(key + "*")).Order());
        Assert.Equal(2, await redis.TouchAsync(key, other));
        Assert.False((await redis.RandomKeyAsync()).IsNull);
        Assert.Equal(1, await redis.DelAsync(key, key + ":third"));
        Assert.Equal(1, await redis.UnlinkAsync([.. new[] { other }]));
        Assert.Throws<ArgumentException>(() => redis.DelAsync());
    });

    [Fact]
    public void Scanning_gives_every_key_and_field() => OnServer.Run(async (redis, key) =>
    {
        string[] names = [.. Enumerable.Range(0, 500).Select(i => $"{key}:{i}")];
        await redis.MSetAsync(names.Select(name => KeyValuePair.Create<RedisValue, RedisValue>(name, 1)));
        await redis.HSetAsync(key, names.Select(name => KeyValuePair.Create<RedisValue, RedisValue>(name, name.Length)));
        var seen = new HashSet<string?>();
        await foreach (var each in redis.ScanAsync(key + ":*", type: "string", count: 20))
        {
            seen.Add(each);
        }

        Assert.Equal(names.ToHashSet(), seen!);
        var sum = new Dictionary<string, long>();
        await foreach (var (field, value) in redis.HScanAsync(key))
        {
            sum[field.ToString()] = (long)value;
        }

        Assert.Equal(names.Sum(name => name.Length), sum.Values.Sum());
        await redis.SAddAsync(key + "s", [.. names]);
        await redis.ZAddAsync(key + "z", names.Select((name, i) => new RedisScoredMember(name, i + 0.5)));
        Assert.Equal(500, await redis.SScanAsync(key + "s").Select(each => each.ToString()).Distinct().CountAsync());
        Assert.Equal(Enumerable.Range(0, 500).Sum(i => i + 0.5), await redis.ZScanAsync(key + "z").Distinct().Select(each => each.Score).SumAsync());
    });

    [Fact]
    public void Numbers_are_counted() => OnServer.Run(async (redis, key) =>
    {
        Assert.Equal(1, await redis.IncrAsync(key));
        Assert.Equal(11, await redis.IncrAsync(key, 10));
        Assert.Equal(8, await redis.DecrAsync(key, 3));
        Assert.Equal(8.5, await redis.IncrByFloatAsync(key, 0.5));
        var error = await Stage.Throws<RedisServerException, long>(redis.IncrAsync(key));
        Assert.Equal("ERR", error.Code);
        Assert.Contains("not an integer", error.ServerMessage);
        Assert.Contains($"INCRBY {key}", error.Message);
        Assert.Equal($"INCRBY {key}", error.Command);
        Assert.Equal(6, await redis.AppendAsync(key, "abc"));
        Assert.Equal(6, await redis.SetRangeAsync(key, 3, "xyz"));
        Assert.Equal("8.5xyz", (string?)await redis.GetAsync(key));
        Assert.Equal("xyz", (string?)await redis.GetRangeAsync(key, -3, -1));
        Assert.False(await redis.SetBitAsync(key + "b", 7, true));
        Assert.True(await redis.GetBitAsync(key + "b", 7));
        Assert.Equal(1, await redis.BitCountAsync(key + "b"));
    });

    [Fact]
    public void What_makes_no_sense_is_refused_at_the_call() => OnServer.Run(async (redis, key) =>
    {
        Assert.Throws<ArgumentNullException>(() => redis.SetAsync(key, RedisValue.Null));
        Assert.Throws<ArgumentNullException>(() => redis.GetAsync(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => redis.SetAsync(key, 1, expiry: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => redis.ExpireAsync(key, double.NaN));
        Assert.Throws<ArgumentException>(() => redis.SetAsync(key, 1, expiry: 1, keepTtl: true));
        Assert.Throws<ArgumentException>(() => redis.MSetAsync([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => redis.BLPopAsync(key, 0));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("CONFIG GET", "x"));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("subscribe", "x"));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("Client", "reply", "OFF"));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("SELECT", 1));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("multi"));
        Assert.Throws<ArgumentException>(() => redis.ExecuteAsync("GET\r\n"));
        Assert.Equal("PONG", await redis.PingAsync());
    });

    [Fact]
    public void Any_command_can_be_executed() => OnServer.Run(async (redis, key) =>
    {
        Assert.Equal("OK", (await redis.ExecuteAsync("set", key, 5)).AsString());
        Assert.Equal("int", (await redis.ExecuteAsync("OBJECT", "ENCODING", key)).AsString());
        var reply = await redis.ExecuteAsync("CONFIG", "GET", "maxmemory*");
        Assert.Equal(RedisReplyKind.Map, reply.Kind);
        Assert.True(reply.Count >= 4);
        Assert.Throws<RedisReplyException>(() => reply.AsInt64());
        var error = await Stage.Throws<RedisServerException, RedisReply>(redis.ExecuteAsync("NOSUCHTHING", "a"));
        Assert.Contains("unknown command", error.Message);
        await redis.ExecuteAsync("GEOADD", key + "g", 13.361389, 38.115556, "Palermo");
        var place = await redis.ExecuteAsync("GEOPOS", key + "g", "Palermo", "none");
        Assert.Equal(13.36, place[0][0].AsDouble(), 0.01);
        Assert.True(place[1].IsNull);
    });
}
