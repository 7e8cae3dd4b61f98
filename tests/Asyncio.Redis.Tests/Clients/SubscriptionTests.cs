using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Hostile;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>Channels.</summary>
public class SubscriptionTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Messages_come_in_order(ReactorKind kind) => OnServer.Run(kind, async (redis, key) =>
    {
        await using var subscription = await redis.SubscribeAsync(key, key + "2");
        Assert.Equal([key, key + "2"], subscription.Channels.Order());
        var reading = Aio.CreateTask(Read(subscription, 500));
        await Aio.GatherAll(Enumerable.Range(0, 500).Select(i => redis.PublishAsync(i % 2 == 0 ? key : key + "2", i)));
        var messages = await reading;
        Assert.Equal(Enumerable.Range(0, 500), messages.Select(message => (int)message.Payload));
        Assert.All(messages, message => Assert.Equal((int)message.Payload % 2 == 0 ? key : key + "2", message.Channel));
        Assert.All(messages, message => Assert.Null(message.Pattern));
    });

    [Fact]
    public void Patterns_and_changes() => OnServer.Run(async (redis, key) =>
    {
        await using var subscription = await redis.PSubscribeAsync(key + ".*");
        await subscription.SubscribeAsync(key + ".a");
        Assert.Equal(2, await redis.PublishAsync(key + ".a", "twice"));
        var messages = await Read(subscription, 2);
        Assert.Equal([null, key + ".*"], messages.Select(message => message.Pattern).Order());
        Assert.Equal(1, await redis.PubSubNumSubAsync(key + ".a"));
        Assert.Equal([key + ".a"], await redis.PubSubChannelsAsync(key + "*"));
        await subscription.UnsubscribeAsync(key + ".a");
        await subscription.PUnsubscribeAsync(key + ".*");
        Assert.Empty(subscription.Channels);
        Assert.Empty(subscription.Patterns);
        Assert.Equal(0, await redis.PublishAsync(key + ".a", "nobody"));
        await subscription.SubscribeAsync(key);
        Assert.Equal(1, await redis.PublishAsync(key, new byte[] { 0, 255 }));
        Assert.Equal([0, 255], (byte[])(await subscription.FirstAsync()).Payload!);
        await Stage.Throws<ArgumentException, RedisSubscription>(redis.SubscribeAsync());
    });

    [Fact]
    public void A_cancelled_reader_takes_nothing_and_several_share() => OnServer.Run(async (redis, key) =>
    {
        await using var subscription = await redis.SubscribeAsync(key);
        var first = Aio.CreateTask(Read(subscription, 1));
        await Aio.Yield();
        first.Cancel();
        await Aio.Wait([first]);
        await redis.PublishAsync(key, "kept");
        Assert.Equal("kept", (await subscription.FirstAsync()).Payload.ToString());
        var readers = Enumerable.Range(0, 5).Select(_ => Aio.CreateTask(Read(subscription, 2))).ToArray();
        await Aio.GatherAll(Enumerable.Range(0, 10).Select(i => redis.PublishAsync(key, i)));
        await Aio.Wait(readers);
        Assert.Equal(Enumerable.Range(0, 10), readers.SelectMany(task => task.Result()).Select(message => (int)message.Payload).Order());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_reads_slowly_holds_the_connection_up_and_loses_nothing(ReactorKind kind) => OnServer.Run(kind, async (shared, key) =>
    {
        await using var redis = new RedisClient(shared.Options with { MessageCapacity = 10 });
        await using var subscription = await redis.SubscribeAsync(key);
        var payload = new string('x', 10_000);
        for (var i = 0; i < 300; i++)
        {
            await shared.PublishAsync(key, $"{i}{payload}");
        }

        await Stage.Until(() => subscription.Waiting >= 10);
        await Aio.Sleep(0.2); // in which more would come
        Assert.InRange(subscription.Waiting, 10, 100);
        await subscription.SubscribeAsync(key + "2"); // confirmed behind what waits
        var messages = await Read(subscription, 300);
        Assert.Equal(Enumerable.Range(0, 300), messages.Select(message => int.Parse(message.Payload.ToString().TrimEnd('x'))));
        Assert.Equal(0, subscription.Losses);
    });

    [Fact]
    public void A_lost_connection_is_made_again_with_all_channels()
    {
        using var server = RedisServer.Start();
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient(RedisOptions.Parse(server.Url) with { ConnectAttempts = 1000, BackoffLimit = 0.05 });
            await using var subscription = await redis.SubscribeAsync("a");
            await subscription.PSubscribeAsync("b*");
            await redis.PublishAsync("a", "before");
            await Stage.Until(() => subscription.Waiting == 1);
            server.Kill();
            await Aio.ToThread(server.Begin);
            await Stage.Until(() => subscription.Losses == 1);
            await Stage.Until(async () => await redis.PublishAsync("a", "after") == 1 && await redis.PublishAsync("b1", "after") == 1);
            var messages = await Read(subscription, 2);
            Assert.Equal(["before", "after"], messages.Select(message => message.Payload.ToString()));
        });
    }

    [Fact]
    public void A_connection_that_is_lost_for_good_ends_the_reading_with_the_error()
    {
        using var server = RedisServer.Start();
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient(RedisOptions.Parse(server.Url) with { ConnectAttempts = 2 });
            await using var subscription = await redis.SubscribeAsync("a");
            await redis.PublishAsync("a", "last");
            await Stage.Until(() => subscription.Waiting == 1);
            server.Kill();
            Assert.Equal("last", (await subscription.FirstAsync()).Payload.ToString());
            var error = await Stage.Throws<RedisConnectionException, List<RedisMessage>>(Read(subscription, 1));
            Assert.Contains("Cannot connect", error.Message);
            await Stage.Throws<RedisConnectionException>(() => subscription.SubscribeAsync("b"));
        });
    }

    [Theory]
    [InlineData(">3\r\n$7\r\nmessage\r\n*0\r\n:1\r\n")]
    [InlineData(">2\r\n$7\r\nmessage\r\n$1\r\na\r\n")]
    [InlineData(">4\r\n$8\r\npmessage\r\n_\r\n$1\r\na\r\n$1\r\nb\r\n")]
    [InlineData("rubbish\r\n")]
    public void Bad_messages_end_the_connection_and_the_next_is_listened_to(string push) => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            Assert.Equal(["SUBSCRIBE", "a"], await peer.Receive());
            await peer.Receive(); // the PING
            await peer.Send(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+PONG\r\n");
            await peer.Send(peer.Number == 1 ? push : ">0\r\n>2\r\n$7\r\nunknown\r\n:1\r\n>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$4\r\nfine\r\n");
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options);
        await using var subscription = await redis.SubscribeAsync("a");
        Assert.Equal("fine", (await subscription.FirstAsync()).Payload.ToString());
        Assert.Equal(1, subscription.Losses);
    });

    [Fact]
    public void A_channel_that_is_refused_is_an_error_of_the_call()
    {
        using var server = RedisServer.Start("--user", "default", "on", "nopass", "~*", "+@all", "resetchannels", "&open*");
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient(server.Url);
            var error = await Stage.Throws<RedisServerException, RedisSubscription>(redis.SubscribeAsync("closed"));
            Assert.Equal(("NOPERM", "SUBSCRIBE closed"), (error.Code, error.Command));
            await using var subscription = await redis.SubscribeAsync("open1");
            await Stage.Throws<RedisServerException>(() => subscription.SubscribeAsync("closed", "open2"));
            Assert.Equal(["open1"], subscription.Channels);
            await subscription.SubscribeAsync("open3");
            Assert.Equal(0, subscription.Losses);
            Assert.Equal(1, await redis.PublishAsync("open1", "x"));
            Assert.Equal("x", (await subscription.FirstAsync()).Payload.ToString());
        });
    }

    private static async Coroutine<List<RedisMessage>> Read(RedisSubscription subscription, int count)
    {
        var messages = new List<RedisMessage>();
        await foreach (var message in subscription)
        {
            messages.Add(message);
            if (messages.Count == count)
            {
                break;
            }
        }

        return messages;
    }
}
