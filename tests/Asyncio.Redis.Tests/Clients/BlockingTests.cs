using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>Commands that wait in the server, and the pool that they take connections from.</summary>
public class BlockingTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void They_hold_up_nobody_else(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(redis.BLPopAsync(key))).ToArray();
        await Stage.Until(async () => await Blocked(redis) >= 10);
        Assert.Equal("PONG", await redis.PingAsync());
        await redis.RPushAsync(key, [.. Enumerable.Range(0, 10).Select(i => (RedisValue)i)]);
        await Aio.Wait(waiting);
        Assert.Equal(Enumerable.Range(0, 10), waiting.Select(task => (int)task.Result()).Order());
        Assert.Equal((10, 10), redis.PoolSize);
    });

    [Fact]
    public void Each_gives_what_it_says() => OnServer.Run(async (redis, key) =>
    {
        Assert.True((await redis.BLPopAsync(key, 0.01)).IsNull);
        Assert.Null(await redis.BRPopAsync([key, key + "2"], 0.01));
        await redis.RPushAsync(key, "a", "b", "c");
        Assert.Equal("a", (string?)await redis.BLPopAsync(key));
        Assert.Equal("c", (string?)await redis.BRPopAsync(key));
        Assert.Equal((key, "b"), ((string, string)?)await Texts(redis.BLPopAsync([key + "2", key])));
        Assert.True((await redis.BLMoveAsync(key, key + "2", timeout: 0.01)).IsNull);
        await redis.RPushAsync(key, "d");
        Assert.Equal("d", (string?)await redis.BLMoveAsync(key, key + "2"));
        Assert.Null(await redis.BZPopMinAsync([key + "z"], 0.01));
        await redis.ZAddAsync(key + "z", [new("x", 1), new("y", 2)]);
        Assert.Equal(new RedisScoredMember("y", 2), (await redis.BZPopMaxAsync([key + "z"]))!.Value.Member);
        Assert.Equal(new RedisScoredMember("x", 1), (await redis.BZPopMinAsync([key + "z"]))!.Value.Member);
        Assert.Equal("d", (await redis.ExecuteAsync("BLPOP", key + "2", 0))[1].AsString());
        Assert.True((await redis.ExecuteAsync("XREAD", "block", 10, "STREAMS", key + "s", "$")).IsNull);
        var error = await Stage.Throws<RedisServerException, RedisValue>(redis.BLPopAsync(key + "z2", 0.01).After(redis.SetAsync(key + "z2", 1)));
        Assert.Equal("WRONGTYPE", error.Code);
        Assert.Equal((1, 1), redis.PoolSize); // one after the other, all on one connection

        static async Coroutine<(string, string)?> Texts(Coroutine<(RedisValue Key, RedisValue Value)?> popped) =>
            await popped is { } pair ? (pair.Key.ToString(), pair.Value.ToString()) : null;
    });

    [Fact]
    public void A_cancelled_wait_gives_its_connection_back() => OnServer.Run(async (redis, key) =>
    {
        await redis.PingAsync();
        await redis.BLPopAsync(key, 0.01); // both connections are there
        for (var i = 0; i < 5; i++)
        {
            await Stage.Throws<TimeoutException, RedisValue>(Aio.WaitFor(redis.BLPopAsync(key), 0.02));
            Assert.Equal((1, 1), redis.PoolSize);
        }

        await redis.RPushAsync(key, "still here");
        Assert.Equal("still here", (string?)await redis.LPopAsync(key));
    });

    [Fact]
    public void No_value_is_lost_when_a_wait_is_cancelled() => OnServer.Run(async (redis, key) =>
    {
        const int Values = 300;
        var random = new Random(5);
        var taken = new List<int>();
        var cancelled = 0;
        await redis.PingAsync();
        await redis.BLPopAsync(key, 0.01); // both connections are there
        var producing = Aio.CreateTask(Produce());
        while (taken.Count < Values)
        {
            var taking = Aio.CreateTask(Take());
            for (var turns = random.Next(12); turns > 0; turns--)
            {
                await Aio.Yield();
            }

            taking.Cancel();
            await Aio.Wait([taking]);
            Assert.True(taking.IsCanceled);
            cancelled++;
            if (await redis.LLenAsync(key) == 0 && producing.Done() && taken.Count < Values)
            {
                Assert.Fail($"{Values - taken.Count} values were lost.");
            }
        }

        Assert.Equal(Enumerable.Range(0, Values), taken.Order());
        Assert.True(cancelled > 10);
        Assert.Equal((1, 1), redis.PoolSize);

        async Coroutine Take()
        {
            while (true)
            {
                taken.Add((int)await redis.BLPopAsync(key));
                await Aio.Yield(); // where a cancellation comes that was put off
            }
        }

        async Coroutine Produce()
        {
            for (var i = 0; i < Values; i++)
            {
                await redis.RPushAsync(key, i);
                if (i % 7 == 0)
                {
                    await Aio.Sleep(0.001);
                }
            }
        }
    });

    [Fact]
    public void When_all_connections_are_in_use_the_next_waits_or_gives_up() => OnServer.Run(async (shared, key) =>
    {
        await using var redis = new RedisClient(shared.Options with { MaxConnections = 2, PoolTimeout = 0.1 });
        await using var first = await redis.AcquireAsync();
        await using var second = await redis.AcquireAsync();
        var error = await Stage.Throws<RedisPoolException, RedisValue>(redis.BLPopAsync(key));
        Assert.Contains("All 2 connections", error.Message);
        Assert.Equal($"BLPOP {key}", error.Command);
        await using var patient = new RedisClient(shared.Options with { MaxConnections = 1 });
        var held = await patient.AcquireAsync();
        var waiting = Aio.CreateTask(patient.BLPopAsync(key));
        var givenUp = Aio.CreateTask(patient.BLPopAsync(key));
        await Aio.Sleep(0.02);
        givenUp.Cancel();
        await held.DisposeAsync();
        await redis.RPushAsync(key, 1);
        Assert.Equal(1, (int)await waiting);
        Assert.Equal((1, 1), patient.PoolSize);
    });

    private static async Coroutine<int> Blocked(RedisClient redis) => int.Parse((await redis.InfoAsync("clients"))["blocked_clients"]);
}

internal static class Sequences
{
    /// <summary>One after the other.</summary>
    public static async Coroutine<T> After<T, TFirst>(this Coroutine<T> second, Coroutine<TFirst> first)
    {
        await first;
        return await second;
    }
}
