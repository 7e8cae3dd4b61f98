using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>Many tasks on one connection, some of them cancelled.</summary>
public class PipeliningTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Each_of_many_tasks_gets_its_own_reply(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        var id = await IdOf(redis);
        await Aio.GatherAll(Enumerable.Range(0, 100).Select(Work));
        Assert.Equal(id, await IdOf(redis));

        async Coroutine<int> Work(int id)
        {
            for (var i = 0; i < 50; i++)
            {
                await redis.SetAsync($"{key}:{id}", i);
                Assert.Equal(i, (int)await redis.GetAsync($"{key}:{id}"));
                Assert.Equal($"{id}/{i}", (string?)await redis.EchoAsync($"{id}/{i}"));
            }

            return id;
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_cancelled_command_leaves_the_connection_in_step(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        var id = await IdOf(redis);
        var random = new Random(7);
        var wrong = 0;
        var cancelled = 0;
        for (var round = 0; round < 60; round++)
        {
            var tasks = Enumerable.Range(0, 30).Select(i => Aio.CreateTask(Echo(round * 100 + i))).ToArray();
            for (var turns = random.Next(4); turns > 0; turns--)
            {
                await Aio.Yield();
            }

            foreach (var task in tasks.Where(_ => random.Next(3) == 0))
            {
                task.Cancel();
            }

            await Aio.Wait(tasks);
            cancelled += tasks.Count(task => task.IsCanceled);
            wrong += tasks.Count(task => task.IsFaulted);
        }

        Assert.Equal(0, wrong);
        Assert.InRange(cancelled, 100, 1800);
        Assert.Equal(id, await IdOf(redis)); // it is still the first connection

        async Coroutine Echo(int number) => Assert.Equal(number, (int)await redis.EchoAsync(number));
    });

    [Fact]
    public void A_time_limit_around_commands_is_a_time_limit_and_no_error_of_Redis() => OnServer.Run(async (redis, key) =>
    {
        await redis.PingAsync();
        await Stage.Throws<TimeoutException>(() => Aio.Timeout(0.05, async () =>
        {
            while (true)
            {
                await redis.IncrAsync(key);
            }
        }));
        Assert.True(redis.IsConnected);
        var count = (long)await redis.GetAsync(key);
        Assert.Equal(count + 1, await redis.IncrAsync(key));
    });

    [Fact]
    public void A_command_that_is_not_awaited_is_not_sent() => OnServer.Run(async (redis, key) =>
    {
        var command = redis.SetAsync(key, 1);
        await redis.PingAsync();
        Assert.Equal(0, await redis.ExistsAsync(key));
        await command;
        Assert.Equal(1, await redis.ExistsAsync(key));
    });

    [Fact]
    public void An_error_is_the_one_command_s_and_the_others_go_on() => OnServer.Run(async (redis, key) =>
    {
        await redis.SetAsync(key, "text");
        var outcomes = await Aio.GatherOutcomes(Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? redis.LLenAsync(key) : redis.StrLenAsync(key)));
        for (var i = 0; i < 10; i++)
        {
            if (i % 2 == 0)
            {
                Assert.Equal("WRONGTYPE", Assert.IsType<RedisServerException>(outcomes[i].Error).Code);
            }
            else
            {
                Assert.Equal(4, outcomes[i].Value);
            }
        }
    });

    private static async Coroutine<long> IdOf(RedisClient redis) => (await redis.ExecuteAsync("CLIENT", "ID")).AsInt64();
}
