using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>Code between the caller and the wire.</summary>
public class MiddlewareTests
{
    [Fact]
    public void They_run_from_the_outside_in_and_back() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        var trace = new List<string>();
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url), Middlewares = [Tracing("outer"), Tracing("inner")] });
        (await session.GetAsync("hello", new RequestOptions { Middlewares = [Tracing("request")] })).Close();
        Assert.Equal("+outer +inner +request -request -inner -outer", string.Join(' ', trace));
        trace.Clear();
        (await session.GetAsync("hello", new RequestOptions { Middlewares = [Tracing("alone")], ReplaceMiddlewares = true })).Close();
        (await session.GetAsync("hello", new RequestOptions { ReplaceMiddlewares = true })).Close();
        Assert.Equal("+alone -alone", string.Join(' ', trace));

        ClientMiddleware Tracing(string name) => async (request, next) =>
        {
            trace.Add($"+{name}");
            var response = await next(request);
            trace.Add($"-{name}");
            return response;
        };
    });

    [Fact]
    public void One_can_change_a_request_and_make_it_again() => Stage.Run(async () =>
    {
        var heads = new List<string>();
        await using var server = await HostileServer.AnswerAsync(async (head, writer) =>
        {
            heads.Add(head);
            var allowed = head.Contains("Authorization: Bearer 2", StringComparison.Ordinal);
            writer.Write($"HTTP/1.1 {(allowed ? "200 OK" : "401 No")}\r\nContent-Length: 0\r\n\r\n");
        });
        var token = 1;
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1, RaiseForStatus = true, Middlewares = [Authorize] });
        await using var response = await session.GetAsync(server.Url);
        Assert.Equal((200, 2), (response.Status, heads.Count));

        async Coroutine<ClientResponse> Authorize(ClientRequest request, ClientHandler next)
        {
            request.Headers["Authorization"] = $"Bearer {token}";
            var answer = await next(request);
            if (answer.Status != 401)
            {
                return answer;
            }

            await answer.DisposeAsync();
            request.Headers["Authorization"] = $"Bearer {++token}";
            return await next(request);
        }
    });

    [Fact]
    public void The_total_ends_one_that_hangs() => Stage.Run(async () =>
    {
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Total = 0.2 }, Middlewares = [Hang] });
        await Stage.Throws<ClientTimeoutException>(() => session.GetAsync("http://127.0.0.1:1/"));

        static async Coroutine<ClientResponse> Hang(ClientRequest request, ClientHandler next)
        {
            await Aio.Sleep(100);
            return await next(request);
        }
    });
}
