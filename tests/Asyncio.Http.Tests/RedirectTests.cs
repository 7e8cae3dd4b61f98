using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>Answers that lead on.</summary>
public class RedirectTests
{
    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(301, "PUT", "PUT")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "POST", "POST")]
    [InlineData(303, "HEAD", "HEAD")]
    public void A_status_decides_what_becomes_of_method_and_body(int status, string method, string followed) => Stage.Run(async () =>
    {
        var requests = new List<string>();
        await using var server = await HostileServer.StartAsync(async (reader, writer) =>
        {
            while (await HostileServer.ReadHeadAsync(reader) is { } head)
            {
                var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))?[16..];
                var body = await reader.ReadExactlyAsync(int.Parse(length ?? "0"));
                requests.Add($"{head.Split(' ')[0]} {head.Split(' ')[1]} {body.Length}");
                writer.Write(head.Split(' ')[1] == "/"
                    ? $"HTTP/1.1 {status} Moved\r\nLocation: next?a=1\r\nContent-Length: 4\r\n\r\n{(method == "HEAD" ? "" : "gone")}"
                    : $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{(method == "HEAD" ? "" : "ok")}");
            }
        });
        await using var session = new ClientSession();
        await using var response = await session.RequestAsync(method, server.Url, method is "POST" or "PUT" ? RequestContent.Text("body") : null);
        Assert.Equal($"{server.Url}next?a=1", response.Url.AbsoluteUri);
        Assert.Equal(followed, response.Method);
        Assert.Equal(new RedirectStep(status, method, new Uri(server.Url), response.Url), Assert.Single(response.History));
        Assert.Equal([$"{method} / {(method == "HEAD" ? 0 : 4)}", $"{followed} /next?a=1 {(followed is "GET" or "HEAD" ? 0 : 4)}"], requests);
    });

    [Fact]
    public void A_loop_ends() => Stage.Run(async () =>
    {
        var asked = 0;
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            asked++;
            writer.Write("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
        });
        await using var session = new ClientSession();
        var error = await Stage.Throws<TooManyRedirectsException>(() => session.GetAsync(server.Url));
        Assert.Equal((11, 10), (asked, error.History.Count));
        Assert.Contains(server.Url, error.Message);
        asked = 0;
        await Stage.Throws<TooManyRedirectsException>(() => session.GetAsync(server.Url, new RequestOptions { MaxRedirects = 0 }));
        Assert.Equal(1, asked);
        await using var answer = await session.GetAsync(server.Url, new RequestOptions { AllowRedirects = false });
        Assert.Equal(302, answer.Status);
    });

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    public void It_leads_nowhere_but_to_HTTP(string location) => Stage.Run(async () =>
    {
        await using var server = await HostileServer.SayAsync($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        await using var session = new ClientSession();
        Assert.Contains(location, (await Stage.Throws<InvalidUrlException>(() => session.GetAsync(server.Url))).Message);
    });

    [Fact]
    public void What_is_for_one_server_is_not_told_another() => Stage.Run(async () =>
    {
        var heads = new List<string>();
        await using var other = await HostileServer.AnswerAsync(async (head, writer) =>
        {
            heads.Add(head);
            writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var server = await HostileServer.AnswerAsync(async (head, writer) =>
        {
            heads.Add(head);
            writer.Write($"HTTP/1.1 302 Found\r\nLocation: {(head.StartsWith("GET /a", StringComparison.Ordinal) ? "/b" : other.Url)}\r\nContent-Length: 0\r\n\r\n");
        });
        await using var session = new ClientSession(new ClientSessionOptions { Headers = { ["Authorization"] = "Bearer secret", ["X-Else"] = "1" } });
        (await session.GetAsync($"{server.Url}a", new RequestOptions { Cookies = { ["c"] = "secret" } })).Close();
        Assert.Equal(3, heads.Count);
        Assert.All(heads[..2], head => Assert.Contains("Bearer secret", head));
        Assert.All(heads[..2], head => Assert.Contains("c=secret", head));
        Assert.DoesNotContain("secret", heads[2]);
        Assert.All(heads, head => Assert.Contains("X-Else: 1", head));
    });

    [Fact]
    public void A_user_in_the_URL_goes_along_within_a_server_only() => Stage.Run(async () =>
    {
        var heads = new List<string>();
        await using var other = await HostileServer.AnswerAsync(async (head, writer) =>
        {
            heads.Add(head);
            writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var server = await HostileServer.AnswerAsync(async (head, writer) =>
        {
            heads.Add(head);
            writer.Write($"HTTP/1.1 302 Found\r\nLocation: {(head.StartsWith("GET /a", StringComparison.Ordinal) ? "/b" : other.Url)}\r\nContent-Length: 0\r\n\r\n");
        });
        await using var session = new ClientSession();
        await using var response = await session.GetAsync($"http://ada:pw@127.0.0.1:{server.Port}/a");
        Assert.Equal([true, true, false], heads.Select(head => head.Contains("Authorization: Basic")));
        Assert.DoesNotContain(response.History, step => step.ToString().Contains("pw", StringComparison.Ordinal));
    });

    [Fact]
    public void A_body_that_cannot_be_sent_twice_is_not() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.StartAsync(async (reader, writer) =>
        {
            await HostileServer.ReadHeadAsync(reader);
            writer.Write("HTTP/1.1 307 Again\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
            await reader.ReadAsync();
        });
        await using var session = new ClientSession();
        var error = await Stage.Throws<ClientException>(() => session.PostAsync(server.Url, RequestContent.Stream(new MemoryStream([1, 2, 3]))));
        Assert.Contains("cannot be sent twice", error.Message);
    });
}
