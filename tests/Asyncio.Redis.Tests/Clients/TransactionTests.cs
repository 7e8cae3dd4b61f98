using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>MULTI, WATCH, and connections of one's own.</summary>
public class TransactionTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Commands_run_together_and_each_has_its_result(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        var transaction = redis.CreateTransaction();
        var set = transaction.Queue(r => r.SetAsync(key, 5));
        var sum = transaction.Queue(r => r.IncrAsync(key));
        var renamed = transaction.Queue(r => r.RenameAsync(key, key + "2"));
        var value = transaction.Queue(r => r.GetAsync(key + "2"));
        var script = transaction.Queue(r => r.EvalAsync(new RedisScript("return ARGV[1]"), [], 7));
        var popped = transaction.Queue(r => r.BLPopAsync(key + "none"));
        Assert.Equal(6, transaction.Count);
        Assert.Throws<InvalidOperationException>(() => sum.Value);
        await transaction.ExecuteAsync();
        Assert.True(set.Value);
        Assert.Equal(6, sum.Value);
        Assert.Equal(6, (int)value.Value);
        Assert.True(renamed is { IsDone: true, Error: null });
        Assert.Equal(7, script.Value.AsInt64());
        Assert.True(popped.Value.IsNull);
        await Stage.Throws<InvalidOperationException>(() => transaction.ExecuteAsync());
        await redis.CreateTransaction().ExecuteAsync();
    });

    [Fact]
    public void Others_see_all_of_it_or_nothing() => OnServer.Run(async (redis, key) =>
    {
        await redis.MSetAsync([new(key + "a", 0), new(key + "b", 0)]);
        var moving = Aio.GatherAll(Enumerable.Range(0, 20).Select(_ => Move()));
        while (!moving.Done())
        {
            var both = await redis.MGetAsync(key + "a", key + "b");
            Assert.Equal(0, (int)both[0] + (int)both[1]);
        }

        await moving;
        Assert.Equal(400, (int)await redis.GetAsync(key + "a"));

        async Coroutine<int> Move()
        {
            for (var i = 0; i < 20; i++)
            {
                var transaction = redis.CreateTransaction();
                transaction.Queue(r => r.IncrAsync(key + "a"));
                transaction.Queue(r => r.DecrAsync(key + "b"));
                await transaction.ExecuteAsync();
            }

            return 0;
        }
    });

    [Fact]
    public void A_command_that_fails_in_it_is_thrown_and_the_others_have_run() => OnServer.Run(async (redis, key) =>
    {
        var transaction = redis.CreateTransaction();
        var set = transaction.Queue(r => r.SetAsync(key, "text"));
        var wrong = transaction.Queue(r => r.LPushAsync(key, 1));
        var length = transaction.Queue(r => r.StrLenAsync(key));
        var error = await Stage.Throws<RedisServerException>(() => transaction.ExecuteAsync());
        Assert.Equal(("WRONGTYPE", $"LPUSH {key}"), (error.Code, error.Command));
        Assert.True(set.Value);
        Assert.Equal(4, length.Value);
        Assert.Same(error, wrong.Error);
    });

    [Fact]
    public void A_command_that_is_refused_keeps_all_from_running() => OnServer.Run(async (redis, key) =>
    {
        var transaction = redis.CreateTransaction();
        var set = transaction.Queue(r => r.SetAsync(key, "text"));
        transaction.Queue(r => r.ExecuteAsync("NOSUCHTHING", "a"));
        var error = await Stage.Throws<RedisTransactionException>(() => transaction.ExecuteAsync());
        Assert.Contains("unknown command", error.ServerMessage);
        Assert.Equal("NOSUCHTHING a", error.Command);
        Assert.Throws<RedisTransactionException>(() => set.Value);
        Assert.Equal(0, await redis.ExistsAsync(key));
    });

    [Fact]
    public void Only_one_method_is_queued_at_a_time() => OnServer.Run(async (redis, key) =>
    {
        var transaction = redis.CreateTransaction();
        Assert.Contains("called 0", Assert.Throws<InvalidOperationException>(() => transaction.Queue(_ => redis.GetAsync(key))).Message);
        Assert.Throws<InvalidOperationException>(() => transaction.Queue(async r => await r.GetAsync(key)));
        Assert.Throws<InvalidOperationException>(() => transaction.Queue(r =>
        {
            _ = r.GetAsync(key);
            return r.GetAsync(key);
        }));
        Assert.Throws<ArgumentException>(() => transaction.Queue(r => r.ExecuteAsync("WATCH", key)));
        Assert.Equal(0, transaction.Count);
        transaction.Queue(r => r.SetAsync(key, 1));
        await transaction.ExecuteAsync();
        Assert.Equal(1, await redis.ExistsAsync(key));
    });

    [Fact]
    public void A_watched_key_that_changes_stops_it() => OnServer.Run(async (redis, key) =>
    {
        await using (var connection = await redis.AcquireAsync())
        {
            await connection.WatchAsync(key);
            await redis.SetAsync(key, "other");
            var transaction = connection.CreateTransaction();
            var set = transaction.Queue(r => r.SetAsync(key, "mine"));
            var error = await Stage.Throws<RedisWatchException>(() => transaction.ExecuteAsync());
            Assert.Contains($"SET {key}", error.Message);
            Assert.Throws<RedisWatchException>(() => set.Value);
            transaction = connection.CreateTransaction();
            transaction.Queue(r => r.SetAsync(key, "mine"));
            await transaction.ExecuteAsync();
        }

        Assert.Equal("mine", (string?)await redis.GetAsync(key));
        Assert.Equal((1, 1), redis.PoolSize); // given back, as it watches nothing
    });

    [Fact]
    public void Transactions_that_read_first_lose_no_update() => OnServer.Run(async (redis, key) =>
    {
        await redis.SetAsync(key, 0);
        var bodies = 0;
        await Aio.GatherAll(Enumerable.Range(0, 8).Select(_ => Add()));
        Assert.Equal(40, (int)await redis.GetAsync(key));
        Assert.True(bodies >= 40);
        await redis.TransactionAsync([key], async (connection, _) => await connection.GetAsync(key)); // nothing to write
        var error = await Stage.Throws<RedisWatchException>(() => redis.TransactionAsync([key], Disturbed, attempts: 2));
        Assert.Contains("did not run", error.Message);

        async Coroutine<int> Add()
        {
            for (var i = 0; i < 5; i++)
            {
                await redis.TransactionAsync(
                    [key],
                    async (connection, transaction) =>
                    {
                        bodies++;
                        var value = (int)await connection.GetAsync(key);
                        transaction.Queue(r => r.SetAsync(key, value + 1));
                    },
                    attempts: 1000);
            }

            return 0;
        }

        async Coroutine Disturbed(RedisConnection connection, RedisTransaction transaction)
        {
            await redis.IncrAsync(key);
            transaction.Queue(r => r.SetAsync(key, 0));
        }
    });

    [Fact]
    public void A_connection_that_was_changed_is_not_given_to_the_next() => OnServer.Run(async (redis, key) =>
    {
        long first;
        await using (var connection = await redis.AcquireAsync())
        {
            first = connection.Id;
            Assert.Equal(first, (await connection.ExecuteAsync("CLIENT", "ID")).AsInt64());
        }

        await using (var connection = await redis.AcquireAsync())
        {
            Assert.Equal(first, connection.Id);
            await connection.ExecuteAsync("SELECT", 5);
            await connection.SetAsync(key, 1);
            await connection.DelAsync(key);
        }

        await using (var connection = await redis.AcquireAsync())
        {
            Assert.NotEqual(first, connection.Id);
            first = connection.Id;
            await connection.WatchAsync(key);
        }

        await using (var connection = await redis.AcquireAsync())
        {
            Assert.NotEqual(first, connection.Id);
            first = connection.Id;
            var given = Aio.CreateTask(connection.ExecuteAsync("BLPOP", key, 0));
            await Aio.Yield();
            given.Cancel();
            await Aio.Wait([given]);
        }

        Assert.Equal(0, redis.PoolSize.Open); // there was no shared connection to call it off on
        var used = await redis.AcquireAsync();
        await used.DisposeAsync();
        await used.DisposeAsync();
        await Stage.Throws<ObjectDisposedException, string>(used.PingAsync());
    });

    [Fact]
    public void Scripts_are_sent_once() => OnServer.Run(async (redis, key) =>
    {
        await redis.ScriptFlushAsync();
        var add = new RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        Assert.Equal<bool[]>([false], await redis.ScriptExistsAsync(add));
        Assert.Equal(5, (await redis.EvalAsync(add, [key], 5)).AsInt64());
        Assert.Equal<bool[]>([true], await redis.ScriptExistsAsync(add));
        Assert.Equal(8, (await redis.EvalAsync(add, [key], 3)).AsInt64());
        Assert.Equal(add.Hash, await redis.ScriptLoadAsync(add));
        var fails = new RedisScript("return redis.error_reply('MINE not so')");
        var error = await Stage.Throws<RedisServerException, RedisReply>(redis.EvalAsync(fails));
        Assert.Equal("MINE", error.Code);
        var reply = await redis.EvalAsync(new RedisScript("return {1, 'two', {3}, false, {ok='fine'}}"));
        Assert.Equal("[1, \"two\", [3], (null), \"fine\"]", reply.ToString());
        Assert.Throws<ArgumentException>(() => new RedisScript(""));
    });
}
