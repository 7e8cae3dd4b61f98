using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>A session that is disposed of has ended everything when the await returns.</summary>
public class ClosingTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Idle_connections_are_gone_when_it_returns(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var open = 0;
        await using var server = await HostileServer.StartAsync(async (reader, writer) =>
        {
            open++;
            while (await HostileServer.ReadHeadAsync(reader) is not null)
            {
                writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }

            open--;
        });
        var session = new ClientSession();
        await Aio.GatherAll(Enumerable.Range(0, 5).Select(_ => Fetch()));
        Assert.InRange(open, 1, 5);
        await session.DisposeAsync();
        await session.DisposeAsync(); // again does nothing
        await Stage.Until(() => open == 0); // the server has seen their ends
        Assert.True(session.IsClosed);
        await Stage.Throws<InvalidOperationException>(() => session.GetAsync(server.Url));

        async Coroutine Fetch()
        {
            await using var response = await session.GetAsync(server.Url);
            Assert.Equal("ok", await response.TextAsync());
        }
    });

    [Fact]
    public void Requests_that_are_under_way_in_any_phase_end_by_an_error() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        var session = new ClientSession(new ClientSessionOptions { Limit = 2, Retry = new RetryOptions() });
        var answered = await session.GetAsync($"{server.Url}bytes/100000000");
        var asking = Aio.CreateTask(session.GetAsync($"{server.Url}hang"));
        await Aio.Sleep(0.1);
        var waiting = Aio.CreateTask(session.GetAsync($"{server.Url}hello"));
        await Aio.Sleep(0.01);
        await session.DisposeAsync();
        Assert.True(asking.IsCompleted && waiting.IsCompleted, "It waits for them.");
        Assert.Contains("closed", (await Stage.Throws<ClientConnectionException>(async () => await asking)).Message);
        await Stage.Throws<ClientConnectionException>(async () => await waiting);
        await Stage.Throws<ClientPayloadException>(async () => await answered.ReadAsync());
    });

    [Fact]
    public void An_answer_that_is_dropped_is_reported_and_gives_its_place_back() => Stage.Run(async () =>
    {
        var reports = new List<string>();
        var loop = Aio.GetRunningLoop();
        var handler = loop.GetExceptionHandler();
        loop.SetExceptionHandler((_, context) => reports.Add(context.Message));
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        await Aio.CreateTask(Drop());
        await Stage.Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return reports.Count > 0;
        });
        Assert.Contains("unclosed <ClientResponse GET", Assert.Single(reports));
        await using var next = await session.GetAsync($"{server.Url}hello");
        Assert.Equal("hello", await next.TextAsync());
        loop.SetExceptionHandler(handler);

        async Coroutine Drop() => _ = await session.GetAsync($"{server.Url}bytes/10000000");
    });

    [Fact]
    public void A_session_belongs_to_a_running_loop() =>
        Assert.Throws<InvalidOperationException>(() => new ClientSession());
}
