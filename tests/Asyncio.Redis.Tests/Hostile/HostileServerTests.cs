using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Redis.Tests.Hostile;

/// <summary>Servers that do not do what servers do: an error with a name and the command, the connection discarded, the next command on a new one, nothing hung.</summary>
public class HostileServerTests
{
    public static TheoryData<ReactorKind, string, string> BadAnswers
    {
        get
        {
            (string Answer, string Message)[] answers =
            [
                ("HTTP/1.1 400 Bad Request\r\n\r\n", "no RESP3"),
                ("\0\u0001\u0002", "no RESP3"),
                ("$99999999999999\r\n", "longer than RedisOptions.MaxReplyLength"),
                ("*2000000000\r\n", "longer than RedisOptions.MaxReplyLength"),
                ("$10\r\n0123456789abc", "longer than the length before it"),
                (string.Concat(Enumerable.Repeat("*1\r\n", 100)), "nested deeper"),
                ("+OK\r\n+OK\r\n", "without a command"),
                ("*1\r\n:1\r\n", "not a scalar"),
                ("%1\r\n+a\r\n", "closed by the server in the middle of a reply"),
                ("$10\r\nabc", "closed by the server in the middle of a reply"),
                ("", "was closed by the server"),
            ];
            var data = new TheoryData<ReactorKind, string, string>();
            foreach (var (answer, message) in answers)
            {
                data.Add(ReactorKind.IoUring, answer, message);
            }

            data.Add(ReactorKind.Epoll, answers[0].Answer, answers[0].Message);
            data.Add(ReactorKind.Portable, answers[0].Answer, answers[0].Message);
            data.Add(ReactorKind.Epoll, "", "was closed by the server");
            data.Add(ReactorKind.Portable, "", "was closed by the server");
            return data;
        }
    }

    [Theory, MemberData(nameof(BadAnswers))]
    public void A_bad_answer_ends_the_connection_and_not_the_client(ReactorKind kind, string answer, string message) => Stage.Run(kind, async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            Assert.Equal("GET", (await peer.Receive())[0]);
            await peer.Send(peer.Number == 1 ? answer : "$2\r\nok\r\n");
            if (peer.Number > 1)
            {
                await peer.WaitForEnd();
            }
        });
        await using var redis = new RedisClient(server.Options);
        RedisException error;
        if (answer == "+OK\r\n+OK\r\n")
        {
            await redis.GetAsync("key"); // right by itself; the second reply is what is wrong
            await Stage.Until(() => !redis.IsConnected);
        }
        else
        {
            error = await Stage.Throws<RedisException, RedisValue>(redis.GetAsync("key"));
            Assert.Contains(message, error.Message);
            Assert.Equal("GET key", error.Command);
            Assert.Contains("GET key", error.Message);
            Assert.True(error is RedisReplyException or RedisConnectionException { MayHaveRun: true }, error.GetType().Name);
        }

        Assert.False(redis.IsConnected);
        Assert.Equal("ok", (string?)await redis.GetAsync("key"));
        Assert.Equal(2, server.Connections);
    });

    [Fact]
    public void All_who_wait_hear_of_it_and_each_of_its_own_command() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            await peer.Receive();
            await peer.Send("+first\r\n?");
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options);
        var outcomes = await Aio.GatherOutcomes(Enumerable.Range(0, 20).Select(i => redis.GetAsync($"key{i}")));
        Assert.Equal("first", outcomes[0].Value.ToString());
        for (var i = 1; i < 20; i++)
        {
            var error = Assert.IsType<RedisProtocolException>(outcomes[i].Error);
            Assert.Equal($"GET key{i}", error.Command);
            Assert.True(error.MayHaveRun);
        }
    });

    [Fact]
    public void A_reply_of_another_kind_fails_its_command_by_name_and_the_others_with_it() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            await peer.Receive();
            await peer.Send("$3\r\nabc\r\n");
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options);
        var (first, second) = (Aio.CreateTask(redis.IncrAsync("n")), Aio.CreateTask(redis.IncrAsync("m")));
        await Aio.Wait([first, second]);
        Assert.Contains("not a whole number but BulkString: \"abc\" (command: INCRBY n)", Assert.IsType<RedisReplyException>(first.Exception()).Message);
        Assert.Contains("out of step", Assert.IsType<RedisProtocolException>(second.Exception()).Message);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_that_hangs_is_given_up(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            if (peer.Number > 1)
            {
                await peer.Receive();
                await peer.Send("+fine\r\n");
            }

            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options with { ResponseTimeout = 1 });
        var outcomes = await Aio.GatherOutcomes([redis.GetAsync("a"), redis.GetAsync("b")]);
        var error = Assert.IsType<RedisTimeoutException>(outcomes[1].Error);
        Assert.Contains("ResponseTimeout, 1 s", error.Message);
        Assert.Contains("the oldest: GET a", error.Message);
        Assert.Contains("command: GET b; it was sent and may have run", error.Message);
        Assert.Equal("fine", (string?)await redis.GetAsync("c"));
    });

    [Fact]
    public void A_server_that_says_nothing_to_begin_with_is_given_up() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(peer => peer.WaitForEnd());
        await using var redis = new RedisClient(server.Options with { ConnectTimeout = 0.1 });
        var error = await Stage.Throws<RedisTimeoutException, RedisValue>(redis.GetAsync("a"));
        Assert.Contains("ConnectTimeout, 0.1 s", error.Message);
        Assert.Contains("command: GET a; it was not sent", error.Message);
        Assert.False(error.MayHaveRun);
        Assert.Equal(2, server.Connections);
    });

    [Theory]
    [InlineData("-ERR unknown command 'HELLO'\r\n", "RESP3 needs Redis 6", typeof(RedisConnectionException), 1)]
    [InlineData("-NOAUTH HELLO must be called with the client already authenticated\r\n", "did not let this client in", typeof(RedisAuthenticationException), 1)]
    [InlineData("-WRONGPASS invalid username-password pair\r\n", "did not let this client in", typeof(RedisAuthenticationException), 1)]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", "is not ready", typeof(RedisConnectionException), 2)]
    [InlineData("+OK\r\n", "does not answer as a Redis server does", typeof(RedisProtocolException), 1)]
    [InlineData("%1\r\n+id\r\n+x\r\n", "does not answer as a Redis server does", typeof(RedisProtocolException), 1)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "no RESP3", typeof(RedisProtocolException), 1)]
    public void A_bad_welcome_is_told_and_tried_again_only_where_that_may_help(string answer, string message, Type type, int attempts) => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Receive();
            await peer.Send(answer);
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options);
        var error = await Stage.Throws<RedisConnectionException, string>(redis.PingAsync());
        Assert.IsType(type, error);
        Assert.Contains(message, error.Message);
        Assert.Contains("PING", error.Message);
        Assert.Equal(attempts, server.Connections);
    });

    [Fact]
    public void A_server_that_still_loads_its_data_is_waited_for() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Receive();
            await peer.Send(FakePeer.Welcome);
            await peer.Receive();
            await peer.Send(peer.Number < 4 ? "-LOADING Redis is loading the dataset in memory\r\n" : "-NOPERM no PING for you\r\n");
            await peer.Receive();
            await peer.Send("$4\r\nfine\r\n");
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options with { ConnectAttempts = 5 });
        Assert.Equal("fine", (string?)await redis.GetAsync("a"));
        Assert.Equal(4, server.Connections);
    });

    [Fact]
    public void The_pool_survives_what_befalls_one_of_its_connections() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            while (true)
            {
                var command = await peer.Receive();
                await peer.Send(command[1] switch
                {
                    "garbage" => "garbage",
                    "close" => "*2\r\n",
                    _ => "*2\r\n$1\r\nk\r\n$1\r\nv\r\n",
                });
                if (command[1] == "close")
                {
                    return;
                }
            }
        });
        await using var redis = new RedisClient(server.Options with { MaxConnections = 2 });
        for (var i = 0; i < 3; i++)
        {
            await Stage.Throws<RedisProtocolException, RedisValue>(redis.BLPopAsync("garbage"));
            await Stage.Throws<RedisConnectionException, RedisValue>(redis.BLPopAsync("close"));
            Assert.Equal("v", (string?)await redis.BLPopAsync("fine"));
            Assert.Equal((1, 1), redis.PoolSize);
        }
    });

    [Fact]
    public void Many_small_commands_are_sent_together() => Stage.Run(async () =>
    {
        var first = 0;
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            first = (await peer.ReceiveSome()).Length;
            await peer.Send(string.Concat(Enumerable.Repeat("$1\r\nx\r\n", 100)));
            await peer.WaitForEnd();
        });
        await using var redis = new RedisClient(server.Options);
        await redis.ConnectAsync();
        await Aio.GatherAll(Enumerable.Range(0, 100).Select(_ => redis.GetAsync("a")));
        Assert.Equal(100 * "*2\r\n$3\r\nGET\r\n$1\r\na\r\n".Length, first);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Replies_that_came_before_the_end_count(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            for (var i = 0; i < 1001; i++)
            {
                await peer.Receive();
            }

            await peer.Send(string.Concat(Enumerable.Range(0, 1000).Select(i => $"+{i}\r\n")));
        });
        await using var redis = new RedisClient(server.Options);
        var outcomes = await Aio.GatherOutcomes(Enumerable.Range(0, 1001).Select(i => redis.GetAsync($"key{i}")));
        Assert.Equal(Enumerable.Range(0, 1000), outcomes[..1000].Select(outcome => (int)outcome.Value));
        Assert.Equal("GET key1000", Assert.IsType<RedisConnectionException>(outcomes[1000].Error).Command);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Disposing_does_not_wait_for_ever_for_a_server_that_does_not_read(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var end = new AsyncEvent();
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            await end.WaitAsync();
        });
        var redis = new RedisClient(server.Options);
        await redis.ConnectAsync();
        var writing = Aio.CreateTask(redis.SetAsync("key", new byte[50_000_000]));
        await Aio.Sleep(0.1);
        await redis.DisposeAsync();
        Assert.Contains("disposed of", (await Stage.Throws<RedisConnectionException>(async () => await writing)).Message);
        end.Set();
    });

    [Fact]
    public void Disposing_ends_what_is_being_connected() => Stage.Run(async () =>
    {
        var open = 0;
        await using var server = await FakeServer.Start(async peer =>
        {
            open++;
            await peer.WaitForEnd();
            open--;
        });
        var redis = new RedisClient(server.Options with { ConnectTimeout = double.PositiveInfinity });
        var ping = Aio.CreateTask(redis.PingAsync());
        var pop = Aio.CreateTask(redis.BLPopAsync("a"));
        var listening = Aio.CreateTask(redis.SubscribeAsync("a"));
        var cancelled = Aio.CreateTask(redis.BLPopAsync("b"));
        await Stage.Until(() => open == 4);
        cancelled.Cancel();
        await Stage.Until(() => open == 3);
        await redis.DisposeAsync();
        await Stage.Until(() => open == 0);
        foreach (var task in new Future[] { ping, pop, listening })
        {
            await Stage.Until(task.Done);
            Assert.Contains("disposed of", Assert.IsType<RedisConnectionException>(task.Exception()).Message);
        }

        Assert.True(cancelled.IsCanceled);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_wait_that_was_asked_for_is_no_silence(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            while (true)
            {
                await peer.Receive();
                await Aio.Sleep(0.6);
                await peer.Send("*2\r\n$1\r\na\r\n$4\r\nlate\r\n");
            }
        });
        await using var redis = new RedisClient(server.Options with { ResponseTimeout = 0.2 });
        Assert.Equal("late", (string?)await redis.BLPopAsync("a", 1));
        Assert.Equal("late", (string?)await redis.BLPopAsync("a"));
        await Stage.Throws<RedisTimeoutException, RedisValue>(redis.BLPopAsync("a", 0.1));
    });

    [Fact]
    public void A_server_that_lets_in_and_hangs_up_is_not_asked_for_ever() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(peer => peer.Greet());
        await using var redis = new RedisClient(server.Options with { ConnectAttempts = 3 });
        Assert.Equal("PING", (await Stage.Throws<RedisConnectionException, string>(redis.PingAsync())).Command);
        await Stage.Throws<RedisConnectionException, RedisValue>(redis.BLPopAsync("a"));
        await Stage.Throws<RedisConnectionException, RedisSubscription>(redis.SubscribeAsync("a"));
        Assert.Equal(3, server.Connections);
        await Stage.Throws<RedisConnectionException, RedisStreamEntry>(First(redis.ReadStreamAsync("a", "0")));
        await Stage.Throws<RedisConnectionException, RedisStreamEntry>(First(redis.ReadGroupAsync("a", "b", "c")));
        Assert.InRange(server.Connections, 5, 9);

        static async Coroutine<RedisStreamEntry> First(IAsyncEnumerable<RedisStreamEntry> entries) => await entries.FirstAsync();
    });

    [Fact]
    public void A_subscription_that_is_always_cut_off_ends() => Stage.Run(async () =>
    {
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            await peer.Receive();
            await peer.Receive();
            await peer.Send(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+PONG\r\n");
        });
        await using var redis = new RedisClient(server.Options with { ConnectAttempts = 4, BackoffLimit = 30 });
        await using var subscription = await redis.SubscribeAsync("a");
        var error = await Stage.Throws<RedisConnectionException>(async () => await subscription.FirstAsync());
        Assert.Contains("was closed by the server", error.Message);
        Assert.Equal(4, server.Connections);
        Assert.Equal(3, subscription.Losses);
    });

    [Fact]
    public void Who_writes_faster_than_the_server_reads_waits() => Stage.Run(async () =>
    {
        var go = new AsyncEvent();
        var seen = new List<char>();
        await using var server = await FakeServer.Start(async peer =>
        {
            await peer.Greet();
            await go.WaitAsync();
            while (true)
            {
                seen.Add((await peer.Receive())[2][0]);
                await peer.Send("+OK\r\n");
            }
        });
        await using var redis = new RedisClient(server.Options with { ResponseTimeout = double.PositiveInfinity });
        var value = new byte[50_000];
        value.AsSpan().Fill((byte)'a');
        var tasks = Enumerable.Range(0, 1000).Select(_ => Aio.CreateTask(redis.SetAsync("key", value))).ToArray();
        await Stage.Until(() => redis.IsConnected);
        await Aio.Sleep(0.1);
        value.AsSpan().Fill((byte)'b'); // what is not written by now is written so
        go.Set();
        await Aio.Wait(tasks);
        Assert.All(tasks, task => Assert.True(task.Result()));
        Assert.Equal(1000, seen.Count);
        Assert.Equal(('a', 'b'), (seen[0], seen[^1]));
    });
}
