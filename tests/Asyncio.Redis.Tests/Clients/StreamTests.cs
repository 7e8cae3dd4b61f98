using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>Streams: commands, and following them.</summary>
public class StreamTests
{
    [Fact]
    public void Entries_are_added_and_read() => OnServer.Run(async (redis, key) =>
    {
        Assert.Equal("1-1", await redis.XAddAsync(key, [new("a", 1), new("b", "x")], id: "1-1"));
        for (var i = 2; i <= 5; i++)
        {
            await redis.XAddAsync(key, [new("a", i)], id: $"{i}-1");
        }

        var entries = await redis.XRangeAsync(key);
        Assert.Equal(["1-1", "2-1", "3-1", "4-1", "5-1"], entries.Select(entry => entry.Id));
        Assert.Equal(("1", "x", true), (entries[0]["a"].ToString(), entries[0]["b"].ToString(), entries[0]["c"].IsNull));
        Assert.Equal("1-1 {a=1, b=x}", entries[0].ToString());
        Assert.Equal(["2-1", "3-1"], (await redis.XRangeAsync(key, "(1-1", count: 2)).Select(entry => entry.Id));
        Assert.Equal(["5-1"], (await redis.XRevRangeAsync(key, count: 1)).Select(entry => entry.Id));
        Assert.Equal(["4-1", "5-1"], (await redis.XReadAsync(key, "3-1")).Select(entry => entry.Id));
        Assert.Empty(await redis.XReadAsync(key, "$"));
        Assert.Empty(await redis.XReadAsync(key, "$", timeout: 0.01));
        Assert.Equal(5, await redis.XLenAsync(key));
        Assert.Equal(1, await redis.XDelAsync(key, "5-1", "9-9"));
        Assert.Equal(2, await redis.XTrimAsync(key, 2));
        await redis.XAddAsync(key + "2", [new("a", 1)], maxLength: 100);
        var both = await redis.XReadAsync([new(key, "0"), new(key + "2", "0"), new(key + "3", "0")], count: 1);
        Assert.Equal([key, key + "2"], both.Keys.Order());
        Assert.Equal("3-1", Assert.Single(both[key]).Id);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_stream_is_followed(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        await redis.XAddAsync(key, [new("n", -1)]);
        var fromNow = Aio.CreateTask(Follow("$"));
        var all = Aio.CreateTask(Follow("0"));
        await Stage.Until(() => redis.PoolSize.Open == 2);
        for (var i = 0; i < 250; i++)
        {
            await redis.XAddAsync(key, [new("n", i)]);
        }

        Assert.Equal(Enumerable.Range(0, 250), await fromNow);
        Assert.Equal(Enumerable.Range(-1, 251), await all);

        async Coroutine<List<int>> Follow(string after)
        {
            var seen = new List<int>();
            await foreach (var entry in redis.ReadStreamAsync(key, after, count: 7))
            {
                seen.Add((int)entry["n"]);
                if (seen[^1] == 249)
                {
                    break;
                }
            }

            return seen;
        }
    });

    [Fact]
    public void Following_ends_with_the_task() => OnServer.Run(async (redis, key) =>
    {
        await redis.PingAsync();
        var following = Aio.CreateTask(Follow());
        await Stage.Until(() => redis.PoolSize is (1, 0));
        following.Cancel();
        await Aio.Wait([following]);
        Assert.True(following.IsCanceled);
        Assert.Equal((1, 1), redis.PoolSize);

        async Coroutine Follow()
        {
            await foreach (var _ in redis.ReadStreamAsync(key))
            {
                Assert.Fail("Nothing is there.");
            }
        }
    });

    [Fact]
    public void Consumers_of_a_group_share_the_entries_and_begin_again_with_what_they_owe() => OnServer.Run(async (redis, key) =>
    {
        await redis.XGroupCreateAsync(key, "group");
        Assert.Equal("BUSYGROUP", (await Stage.Throws<RedisServerException>(() => redis.XGroupCreateAsync(key, "group"))).Code);
        var all = new List<int>();
        var workers = new[] { "ada", "bob" }.Select(name => Aio.CreateTask(Work(name, int.MaxValue))).ToArray();
        for (var i = 0; i < 100; i++)
        {
            await redis.XAddAsync(key, [new("n", i)]);
        }

        await Stage.Until(() => all.Count == 100);
        foreach (var worker in workers)
        {
            worker.Cancel();
        }

        await Aio.Wait(workers);
        Assert.Equal(Enumerable.Range(0, 100), all.Order());
        Assert.Empty(await redis.XPendingAsync(key, "group"));

        // Given out and not acknowledged.
        await redis.XAddAsync(key, [new("n", 100)]);
        await redis.XAddAsync(key, [new("n", 101)]);
        Assert.Equal(2, (await redis.XReadGroupAsync(key, "group", "ada")).Length);
        var pending = await redis.XPendingAsync(key, "group", consumer: "ada");
        Assert.Equal([("ada", 1L), ("ada", 1L)], pending.Select(entry => (entry.Consumer, entry.Deliveries)));
        await Work("ada", 2);
        Assert.Equal([100, 101], all[100..]);
        await redis.XAddAsync(key, [new("n", 102)]);
        var taken = Assert.Single(await redis.XReadGroupAsync(key, "group", "ada", timeout: 5));
        var (next, claimed) = await redis.XAutoClaimAsync(key, "group", "bob", minIdle: 0);
        Assert.Equal(("0-0", taken.Id), (next, Assert.Single(claimed).Id));
        Assert.Equal(1, await redis.XAckAsync(key, "group", taken.Id));
        Assert.True(await redis.XGroupDestroyAsync(key, "group"));
        Assert.Equal("NOGROUP", (await Stage.Throws<RedisServerException>(() => Work("ada", 1))).Code);

        async Coroutine Work(string name, int count)
        {
            await foreach (var entry in redis.ReadGroupAsync(key, "group", name, count: 3))
            {
                all.Add((int)entry["n"]);
                await redis.XAckAsync(key, "group", entry.Id);
                if (--count == 0)
                {
                    break;
                }
            }
        }
    });

    [Fact]
    public void Following_goes_on_where_it_was_when_the_server_comes_back()
    {
        using var server = RedisServer.Start("--appendonly", "yes", "--appendfsync", "always");
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient(RedisOptions.Parse(server.Url) with { ConnectAttempts = 1000, BackoffLimit = 0.05 });
            await redis.XGroupCreateAsync("s", "g");
            await redis.XAddAsync("s", [new("n", 0)]);
            var seen = new List<int>();
            var worked = new List<int>();
            var following = Aio.CreateTask(Follow());
            var working = Aio.CreateTask(Work());
            await Stage.Until(() => seen.Count == 1 && worked.Count == 1 && redis.PoolSize is (2, 0));
            server.Kill();
            await Aio.ToThread(server.Begin);
            await redis.XAddAsync("s", [new("n", 1)]);
            await following;
            await working;
            Assert.Equal([0, 1], seen);
            Assert.Equal([0, 1], worked);

            async Coroutine Follow()
            {
                await foreach (var entry in redis.ReadStreamAsync("s", "0"))
                {
                    seen.Add((int)entry["n"]);
                    if (seen.Count == 2)
                    {
                        break;
                    }
                }
            }

            async Coroutine Work()
            {
                await foreach (var entry in redis.ReadGroupAsync("s", "g", "ada"))
                {
                    worked.Add((int)entry["n"]);
                    if (worked.Count == 2)
                    {
                        break;
                    }
                }
            }
        });
    }
}
