using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>A task that is cancelled, or a timeout around it, ends its request: the server sees the connection go.</summary>
public class CancellationTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Cancelling_the_task_aborts_the_request(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var (asked, closed) = (0, 0);
        await using var server = await HostileServer.StartAsync(async (reader, _) =>
        {
            await HostileServer.ReadHeadAsync(reader);
            asked++;
            await HostileServer.ReadHeadAsync(reader);
            closed++;
        });
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 3 });
        for (var i = 1; i <= 5; i++)
        {
            var task = Aio.CreateTask(session.GetAsync(server.Url));
            await Stage.Until(() => asked == i);
            task.Cancel();
            await Stage.Throws<CancelledException>(async () => await task);
            await Stage.Until(() => closed == i);
        }
    });

    [Fact]
    public void A_timeout_around_it_stays_the_callers_own() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Read = 50 } });
        var error = await Stage.Throws<TimeoutException>(async () => await Aio.Timeout(0.2, async () => (await session.GetAsync($"{server.Url}hang")).Close()));
        Assert.False(error is IClientError, "It is not the session's limit.");
        await using var next = await session.GetAsync($"{server.Url}hello");
        Assert.Equal("hello", await next.TextAsync());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Cancelling_a_read_of_the_body_ends_the_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var closed = false;
        await using var server = await HostileServer.StartAsync(async (reader, writer) =>
        {
            await HostileServer.ReadHeadAsync(reader);
            writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
            await HostileServer.ReadHeadAsync(reader);
            closed = true;
        });
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        var response = await session.GetAsync(server.Url);
        var task = Aio.CreateTask(response.ReadAsync());
        await Aio.Sleep(0.05);
        task.Cancel();
        await Stage.Throws<CancelledException>(async () => await task);
        await Stage.Until(() => closed);
    });

    [Fact]
    public void Who_is_cancelled_while_waiting_leaves_the_line() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1, LimitPerHost = 1, RateLimitPerHost = RateLimit.TokenBucket(1000), RateLimit = RateLimit.TokenBucket(1000) });
        var first = await session.GetAsync($"{server.Url}bytes/10000000");
        for (var i = 0; i < 5; i++)
        {
            var waiting = Aio.CreateTask(session.GetAsync($"{server.Url}hello"));
            var behind = Aio.CreateTask(session.GetAsync($"{server.Url}hello"));
            await Aio.Sleep(0.02);
            waiting.Cancel();
            behind.Cancel();
            await Stage.Throws<CancelledException>(async () => await waiting);
            await Stage.Throws<CancelledException>(async () => await behind);
        }

        first.Close();
        await using var last = await session.GetAsync($"{server.Url}hello");
        Assert.Equal("hello", await last.TextAsync());
    });

    [Fact]
    public void Many_cancelled_at_once_leave_the_session_whole() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 10 });
        for (var round = 0; round < 10; round++)
        {
            AsyncTask<ClientResponse>[] tasks = [.. Enumerable.Range(0, 30).Select(i => Aio.CreateTask(session.GetAsync($"{server.Url}{(i % 2 == 0 ? "hang" : "hello")}")))];
            await Aio.Sleep(0.001 * round);
            foreach (var task in tasks)
            {
                task.Cancel();
            }

            foreach (var outcome in await Aio.GatherOutcomes(tasks))
            {
                Assert.True(outcome.IsCanceled || outcome.IsSuccess, $"{outcome.Error}");
                if (outcome.IsSuccess)
                {
                    outcome.Value.Close();
                }
            }
        }

        string[] texts = await Aio.GatherAll(Enumerable.Range(0, 10).Select(_ => Text()));
        Assert.All(texts, text => Assert.Equal("hello", text));

        async Coroutine<string> Text()
        {
            await using var response = await session.GetAsync($"{server.Url}hello");
            return await response.TextAsync();
        }
    });
}
