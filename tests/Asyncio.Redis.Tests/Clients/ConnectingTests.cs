using System.Net.Security;
using System.Security.Authentication;
using Asyncio.LowLevel;
using Asyncio.Redis.Tests.Servers;
using Xunit;

namespace Asyncio.Redis.Tests.Clients;

/// <summary>Ways to a server, and back to one that was away.</summary>
public class ConnectingTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Over_a_Unix_socket(ReactorKind kind)
    {
        var server = RedisServer.Shared;
        Stage.Run(kind, async () =>
        {
            await using var redis = new RedisClient($"unix://{server.Socket}?db=3&client_name=unix");
            Assert.Equal("PONG", await redis.PingAsync());
            Assert.Contains("name=unix", await redis.ClientListAsync());
            Assert.Contains("db=3", (await redis.ExecuteAsync("CLIENT", "INFO")).AsString());
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Over_TLS(ReactorKind kind)
    {
        var server = RedisServer.Shared;
        Stage.Run(kind, async () =>
        {
            await using var redis = new RedisClient(RedisOptions.Parse($"rediss://localhost:{server.TlsPort}/2") with { Ssl = Certificates.ClientOptions });
            var value = new byte[300_000];
            new Random(3).NextBytes(value);
            Assert.Equal(Enumerable.Range(0, 200), (await Aio.GatherAll(Enumerable.Range(0, 200).Select(i => redis.EchoAsync(i)))).Select(each => (int)each));
            Assert.Equal(value, (byte[]?)await redis.EchoAsync(value));
            Assert.True((await redis.BLPopAsync("none", 0.01)).IsNull);
            await using var subscription = await redis.SubscribeAsync("tls-news");
            Assert.Equal(1, await redis.PublishAsync("tls-news", "hello"));
            Assert.Equal("hello", (await subscription.FirstAsync()).Payload.ToString());
        });
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_an_error_of_the_connection()
    {
        var server = RedisServer.Shared;
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient($"rediss://localhost:{server.TlsPort}");
            await using var hasty = new RedisClient(redis.Options with { ConnectAttempts = 1 });
            var error = await Stage.Throws<RedisConnectionException, string>(hasty.PingAsync());
            Assert.Contains($"Cannot connect to rediss://localhost:{server.TlsPort}", error.Message);
            Assert.IsType<AuthenticationException>(error.InnerException!.InnerException);
            await using var plain = new RedisClient(new RedisOptions { Host = "127.0.0.1", Port = server.Port, Ssl = new SslClientAuthenticationOptions(), ConnectAttempts = 1 });
            await Stage.Throws<RedisConnectionException, string>(plain.PingAsync()); // no TLS there
        });
    }

    [Fact]
    public void With_a_password()
    {
        using var server = RedisServer.Start("--requirepass", "s3cret p@ss", "--user", "ada", "on", ">lovelace", "~*", "+@all");
        Stage.Run(async () =>
        {
            await using var redis = new RedisClient($"redis://:s3cret%20p%40ss@127.0.0.1:{server.Port}");
            Assert.Equal("PONG", await redis.PingAsync());
            await using var ada = new RedisClient($"redis://ada:lovelace@127.0.0.1:{server.Port}");
            Assert.Equal("ada", (await ada.ExecuteAsync("ACL", "WHOAMI")).AsString());
            foreach (var url in new[] { $"redis://127.0.0.1:{server.Port}", $"redis://:wrongwrong@127.0.0.1:{server.Port}", $"redis://eve:wrongwrong@127.0.0.1:{server.Port}" })
            {
                await using var stranger = new RedisClient(url);
                var error = await Stage.Throws<RedisAuthenticationException, string>(stranger.PingAsync());
                Assert.DoesNotContain("wrongwrong", error.ToString());
                Assert.Contains("did not let this client in", error.Message);
            }
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_that_comes_back_is_found_again(ReactorKind kind)
    {
        using var server = RedisServer.Start();
        Stage.Run(kind, async () =>
        {
            await using var redis = new RedisClient(RedisOptions.Parse(server.Url) with { ConnectAttempts = 1000, BackoffLimit = 0.05 });
            await redis.SetAsync("a", 1);
            var blocked = Aio.CreateTask(redis.BLPopAsync("none"));
            await Stage.Until(async () => (await redis.InfoAsync("clients"))["blocked_clients"] == "1");
            server.Kill();
            var lost = await Stage.Throws<RedisConnectionException>(async () => await blocked);
            Assert.Equal("BLPOP none", lost.Command);
            Assert.True(lost.MayHaveRun);
            await Stage.Until(() => !redis.IsConnected);
            var waiting = Aio.GatherAll(Enumerable.Range(0, 20).Select(i => redis.IncrAsync("b")));
            var given = Aio.CreateTask(redis.GetAsync("a"));
            await Aio.Sleep(0.1);
            given.Cancel(); // one gives up; the others still wait
            await Aio.ToThread(server.Begin);
            Assert.Equal(20, (await waiting).Max());
            Assert.True(given.IsCanceled);
            Assert.True((await redis.BLPopAsync("none", 0.01)).IsNull);
        });
    }

    [Fact]
    public void Without_a_server_commands_fail_after_the_last_attempt() => Stage.Run(async () =>
    {
        await using var redis = new RedisClient(new RedisOptions { Host = "127.0.0.1", Port = 1, ConnectAttempts = 3, BackoffLimit = 0.02 });
        var outcomes = await Aio.GatherOutcomes([redis.GetAsync("a"), redis.GetAsync("b")]);
        Assert.Equal(["GET a", "GET b"], outcomes.Select(outcome => Assert.IsType<RedisConnectionException>(outcome.Error).Command));
        Assert.Contains("Cannot connect to redis://127.0.0.1:1: ", outcomes[0].Error!.Message);
        Assert.IsType<System.Net.Sockets.SocketException>(outcomes[0].Error!.InnerException!.InnerException);
        Assert.Contains("it was not sent", outcomes[0].Error!.Message);
        await Stage.Throws<RedisConnectionException, RedisSubscription>(redis.SubscribeAsync("a"));
        await Stage.Throws<RedisConnectionException, RedisValue>(redis.BLPopAsync("a"));
        await using var nowhere = new RedisClient(redis.Options with { UnixSocket = "/nowhere/redis.sock" });
        Assert.Contains("unix:///nowhere/redis.sock", (await Stage.Throws<RedisConnectionException, string>(nowhere.PingAsync())).Message);
        await using var unknown = new RedisClient(redis.Options with { Host = "no-such-host.invalid", ConnectAttempts = 1 });
        await Stage.Throws<RedisConnectionException, string>(unknown.PingAsync());
    });

    [Fact]
    public void Disposing_closes_everything_and_fails_what_waits()
    {
        var server = RedisServer.Shared;
        Stage.Run(async () =>
        {
            var redis = new RedisClient($"{server.Url}&client_name=disposed");
            await using var watcher = new RedisClient(server.Url);
            await redis.PingAsync();
            var subscription = await redis.SubscribeAsync("news");
            var reading = Aio.CreateTask(Count(subscription));
            var blocked = Aio.CreateTask(redis.BLPopAsync("none"));
            await Stage.Until(() => redis.PoolSize.Open == 1);
            Assert.Equal(3, Named(await watcher.ClientListAsync()));
            await redis.DisposeAsync();
            await redis.DisposeAsync();
            Assert.Equal(0, await reading);
            await Stage.Throws<RedisConnectionException>(async () => await blocked);
            await Stage.Throws<ObjectDisposedException, string>(redis.PingAsync());
            await Stage.Throws<ObjectDisposedException, RedisValue>(redis.BLPopAsync("none"));
            await Stage.Until(async () => Named(await watcher.ClientListAsync()) == 0);
        });

        static int Named(string list) => list.Split("name=disposed").Length - 1;

        static async Coroutine<int> Count(RedisSubscription subscription)
        {
            var count = 0;
            await foreach (var _ in subscription)
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public void A_client_is_of_one_loop()
    {
        var server = RedisServer.Shared;
        var redis = new RedisClient(server.Url);
        Stage.Run(async () =>
        {
            await redis.PingAsync();
            await redis.DisposeAsync();
        });
        var other = new RedisClient(server.Url);
        Stage.Run(async () => await other.PingAsync());
        Stage.Run(async () => Assert.Contains("another event loop", (await Stage.Throws<InvalidOperationException, string>(other.PingAsync())).Message));
    }
}
