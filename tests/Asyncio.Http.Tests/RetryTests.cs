using System.Globalization;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>What is repeated, when, and what is not.</summary>
public class RetryTests
{
    private static readonly RetryOptions s_quick = new() { Attempts = 3, Delay = 0.01, MaxDelay = 0.05 };

    [Theory]
    [InlineData("GET", 503, 3)]
    [InlineData("PUT", 500, 3)]
    [InlineData("DELETE", 429, 3)]
    [InlineData("POST", 503, 1)]
    [InlineData("PATCH", 503, 1)]
    [InlineData("GET", 404, 1)]
    [InlineData("GET", 501, 1)]
    public void A_status_is_tried_again_if_the_method_may_be(string method, int status, int attempts) => Stage.Run(async () =>
    {
        var asked = 0;
        await using var server = await AnsweringAsync(() => $"HTTP/1.1 {status} No\r\nContent-Length: {++asked % 2}\r\n\r\n{(asked % 2 == 1 ? "x" : "")}");
        await using var session = new ClientSession(new ClientSessionOptions { Retry = s_quick, Limit = 1 });
        await using var response = await session.RequestAsync(method, server.Url);
        Assert.Equal((status, attempts), (response.Status, asked));
    });

    [Fact]
    public void What_succeeds_in_the_end_is_the_answer() => Stage.Run(async () =>
    {
        var asked = 0;
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            switch (++asked)
            {
                case 1:
                    writer.Close();
                    break;
                case 2:
                    writer.Write("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n");
                    break;
                default:
                    writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    break;
            }
        });
        await using var session = new ClientSession(new ClientSessionOptions { Retry = s_quick, RaiseForStatus = true });
        await using var response = await session.PutAsync(server.Url, RequestContent.Text("again and again"));
        Assert.Equal(("ok", 3), (await response.TextAsync(), asked));
    });

    [Fact]
    public void A_POST_is_repeated_if_it_was_surely_not_sent_or_says_that_it_may_be() => Stage.Run(async () =>
    {
        using var watch = new TelemetryWatch();
        await using var session = new ClientSession(new ClientSessionOptions { Retry = s_quick });
        await Stage.Throws<ClientConnectorException>(() => session.PostAsync("http://127.0.0.1:1/", RequestContent.Text("x")));
        Assert.Equal(2, watch.Sum("asyncio.http.retries"));

        var asked = 0;
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            asked++;
            writer.Close();
        });
        await Stage.Throws<ServerDisconnectedException>(() => session.PostAsync(server.Url));
        Assert.Equal(1, asked);
        await Stage.Throws<ServerDisconnectedException>(() => session.PostAsync(server.Url, options: new RequestOptions { Headers = { ["Idempotency-Key"] = "1" } }));
        Assert.Equal(4, asked);
        await Stage.Throws<ServerDisconnectedException>(() => session.PutAsync(server.Url, RequestContent.Stream(new MemoryStream([1]))));
        Assert.Equal(5, asked);
    });

    [Theory]
    [InlineData("1")]
    [InlineData("date")]
    public void The_server_says_how_long(string header) => Stage.Run(async () =>
    {
        var asked = 0;
        var times = new List<double>();
        var now = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero); // by the server's own clock
        var text = header == "date" ? $"{now.AddSeconds(1).ToString("r", CultureInfo.InvariantCulture)}\r\nDate: {now.ToString("r", CultureInfo.InvariantCulture)}" : header;
        await using var server = await AnsweringAsync(() =>
        {
            times.Add(Aio.GetRunningLoop().Time());
            return ++asked == 1 ? $"HTTP/1.1 429 Slower\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        });
        await using var session = new ClientSession(new ClientSessionOptions { Retry = s_quick });
        await using var response = await session.GetAsync(server.Url);
        Assert.Equal((200, 2), (response.Status, asked));
        Assert.True(times[1] - times[0] >= 0.99, $"{times[1] - times[0]} s");
    });

    [Fact]
    public void A_server_that_wants_too_long_is_not_waited_for() => Stage.Run(async () =>
    {
        var asked = 0;
        await using var server = await AnsweringAsync(() => $"HTTP/1.1 503 No\r\nRetry-After: {(++asked > 0 ? 100 : 0)}\r\nContent-Length: 0\r\n\r\n");
        await using var session = new ClientSession(new ClientSessionOptions { Retry = s_quick });
        await using var response = await session.GetAsync(server.Url);
        Assert.Equal((503, 1), (response.Status, asked));
    });

    [Fact]
    public void Pauses_double_and_are_spread_by_chance() => Stage.Run(async () =>
    {
        var rolled = 0;
        var times = new List<double>();
        await using var server = await AnsweringAsync(() =>
        {
            times.Add(Aio.GetRunningLoop().Time());
            return "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
        });
        var retry = new RetryOptions { Attempts = 4, Delay = 0.1, Randomizer = () => ++rolled > 0 ? 0.5 : 0 };
        await using var session = new ClientSession(new ClientSessionOptions { Retry = retry });
        (await session.GetAsync(server.Url)).Close();
        Assert.Equal(4, times.Count);
        Assert.True(rolled >= 3, $"{rolled}");
        Assert.True(times[3] - times[0] >= 0.3, $"{times[3] - times[0]} s"); // 0.1 + 0.2 + 0.4, each spread
    });

    [Fact]
    public void Pauses_end_with_the_total_and_with_a_cancellation() => Stage.Run(async () =>
    {
        await using var session = new ClientSession(new ClientSessionOptions { Retry = new RetryOptions { Attempts = 5, Delay = 1000, MaxDelay = 1000 }, Timeout = new ClientTimeout { Total = 0.3 } });
        var error = await Stage.Throws<ClientTimeoutException>(() => session.GetAsync("http://127.0.0.1:1/"));
        Assert.Equal(ClientTimeoutPhase.Total, error.Phase);
        var task = Aio.CreateTask(session.GetAsync("http://127.0.0.1:1/", new RequestOptions { Timeout = ClientTimeout.None }));
        await Aio.Sleep(0.1);
        task.Cancel();
        await Stage.Throws<CancelledException>(async () => await task);
    });

    private static Coroutine<HostileServer> AnsweringAsync(Func<string> answer) => HostileServer.AnswerAsync(async (_, writer) => writer.Write(answer()));
}
