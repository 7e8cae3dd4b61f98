using System.Text;
using System.Text.Json;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>What one sends and gets, against Kestrel.</summary>
public class RequestTests
{
    private sealed record Person(string Name, int Age);

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_page_is_fetched(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url) });
        await using var response = await session.GetAsync("hello");
        response.RaiseForStatus();
        Assert.Equal((200, "OK", true), (response.Status, response.Reason, response.Ok));
        Assert.Equal(("GET", $"{server.Url}hello"), (response.Method, response.Url.AbsoluteUri));
        Assert.Equal(("text/plain", "utf-8"), (response.ContentType, response.Charset));
        Assert.Equal("hello", await response.TextAsync());
        Assert.Equal("hello"u8.ToArray(), await response.ReadAsync()); // again
        Assert.NotNull(response.Headers["Date"]);
        Assert.Empty(response.History);
    });

    [Theory]
    [InlineData("GET"), InlineData("POST"), InlineData("PUT"), InlineData("PATCH"), InlineData("DELETE"), InlineData("OPTIONS"), InlineData("HEAD")]
    public void Every_verb_is_itself(string verb) => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        var url = $"{server.Url}method";
        await using var response = await (verb switch
        {
            "GET" => session.GetAsync(url),
            "POST" => session.PostAsync(url),
            "PUT" => session.PutAsync(url),
            "PATCH" => session.PatchAsync(url),
            "DELETE" => session.DeleteAsync(url),
            "OPTIONS" => session.OptionsAsync(url),
            _ => session.HeadAsync(url),
        });
        Assert.Equal(200, response.Status);
        Assert.Equal(verb == "HEAD" ? "" : verb, await response.TextAsync());
    });

    [Fact]
    public void JSON_goes_both_ways() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        await using var person = await session.GetAsync($"{server.Url}person");
        Assert.Equal(new Person("Ada", 36), await person.JsonAsync<Person>());

        await using var echo = await session.PostAsync($"{server.Url}echo", RequestContent.Json(new Person("Grace", 85)));
        Assert.Equal("application/json", echo.ContentType);
        Assert.Equal("""{"name":"Grace","age":85}""", await echo.TextAsync());
    });

    [Fact]
    public void JSON_that_is_none_is_told() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        await using var text = await session.GetAsync($"{server.Url}hello");
        var wrong = await Stage.Throws<ContentTypeException>(async () => await text.JsonAsync<Person>());
        Assert.Contains("text/plain", wrong.Message);
        Assert.Equal(200, wrong.Status);
        var broken = await Stage.Throws<ClientPayloadException>(async () => await text.JsonAsync<Person>(contentType: null));
        Assert.IsType<JsonException>(broken.InnerException);
        Assert.Contains(server.Url, broken.Message);
    });

    [Fact]
    public void Query_parameters_are_escaped_and_added() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        var options = new RequestOptions { Query = { { "tag", "a&b" }, { "tag", "c d" }, { "ä", "=" } } };
        await using var response = await session.GetAsync($"{server.Url}query?first=1", options);
        Assert.Equal("?first=1&tag=a%26b&tag=c%20d&%C3%A4=%3D", await response.TextAsync());
    });

    [Fact]
    public void Headers_of_a_request_replace_those_of_the_session() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Headers = { ["X-One"] = "session", ["X-Two"] = "session" } });
        await using var response = await session.GetAsync($"{server.Url}headers", new RequestOptions { Headers = { ["x-two"] = "request", ["User-Agent"] = "test" } });
        var text = await response.TextAsync();
        Assert.Contains("X-One: session", text);
        Assert.Contains("x-two: request", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Two: session", text);
        Assert.Contains("User-Agent: test", text);
        Assert.Contains("Accept-Encoding: gzip", text);
    });

    [Fact]
    public void A_user_in_the_URL_is_sent_and_not_shown() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        var url = server.Url.Replace("http://", "http://ada:s%40cret@");
        await using var response = await session.GetAsync($"{url}headers");
        Assert.Contains($"Authorization: Basic {Convert.ToBase64String("ada:s@cret"u8)}", await response.TextAsync());
        Assert.DoesNotContain("cret", response.Url.AbsoluteUri);
        var error = await Stage.Throws<InvalidUrlException>(() => session.GetAsync(url, new RequestOptions { Headers = { ["Authorization"] = "x" } }));
        Assert.DoesNotContain("cret", error.Message);
    });

    [Fact]
    public void Forms_and_files_are_posted() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        await using var form = await session.PostAsync($"{server.Url}form", RequestContent.Form(new FieldList { { "a", "1 2" }, { "b", "ä" } }));
        Assert.Equal("a=1 2\nb=ä", await form.TextAsync());

        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, new byte[300_000]);
            await using var parts = await session.PostAsync($"{server.Url}form", RequestContent.Multipart(
                new MultipartPart("title", "x y"),
                new MultipartPart("upload", RequestContent.File(file, "image/png"), "a b.png")));
            Assert.Equal("title=x y\nupload:a b.png:image/png:300000", await parts.TextAsync());
        }
        finally
        {
            File.Delete(file);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Bodies_stream_both_ways(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        const int Pieces = 50;
        var asked = 0;
        await using var response = await session.PostAsync($"{server.Url}echo", RequestContent.Chunks(Body()));
        var received = 0L;
        await foreach (var piece in response.Content)
        {
            received += piece.Length;
        }

        Assert.Equal((Pieces, Pieces * 40_000L), (asked, received));
        Assert.True(response.Content.AtEof);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Body()
        {
            for (; asked < Pieces; asked++)
            {
                await Aio.Sleep(0); // it is a coroutine's code
                yield return new byte[40_000];
            }
        }
    });

    [Fact]
    public void A_body_is_read_in_every_way() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        await using var bytes = await session.GetAsync($"{server.Url}bytes/100000");
        var first = await bytes.Content.ReadExactlyAsync(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (byte)(i % 251)), first);
        var sizes = new List<int>();
        await foreach (var chunk in bytes.Content.ReadChunksAsync(30_000))
        {
            sizes.Add(chunk.Length);
        }

        Assert.Equal([30_000, 30_000, 30_000, 9_000], sizes);

        await using var lines = await session.GetAsync($"{server.Url}lines");
        Assert.Equal("line 0\r\n", Encoding.UTF8.GetString(await lines.Content.ReadLineAsync()));
        var rest = new List<string>();
        await foreach (var line in lines.Content.ReadTextLinesAsync())
        {
            rest.Add(line);
        }

        Assert.Equal(["line 1", "line 2", "the last"], rest);
        var end = await Stage.Throws<IncompleteReadException>(async () => await lines.Content.ReadExactlyAsync(3));
        Assert.Empty(end.Partial);
    });

    [Fact]
    public void A_status_is_raised_where_it_is_asked_for() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url) });
        await using (var response = await session.GetAsync("status/404"))
        {
            Assert.False(response.Ok);
            var error = await Stage.Throws<ClientResponseException>(async () => response.RaiseForStatus());
            Assert.Equal((404, "GET", $"{server.Url}status/404"), (error.Status, error.Method, error.Url!.AbsoluteUri));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, error.StatusCode);
            Assert.Contains("404 Not Found", error.Message);
        }

        await Stage.Throws<ClientResponseException>(() => session.GetAsync("status/500", new RequestOptions { RaiseForStatus = true }));

        await using var strict = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url), RaiseForStatus = true });
        await Stage.Throws<ClientResponseException>(() => strict.GetAsync("status/500"));
        await using var quiet = await strict.GetAsync("status/500", new RequestOptions { RaiseForStatus = false });
        Assert.Equal(500, quiet.Status);
    });

    [Fact]
    public void Cookies_are_kept_and_sent_back() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url) });
        (await session.GetAsync("cookie/set")).Close();
        Assert.Equal("vanilla", session.Options.Cookies!.GetCookies(new Uri(server.Url))["flavour"]!.Value);
        await using var shown = await session.GetAsync("cookie/show", new RequestOptions { Cookies = { ["mine"] = "1" } });
        Assert.Equal(["flavour=vanilla", "mine=1"], (await shown.TextAsync()).Split("; ").Order());

        await using var forgetful = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri(server.Url), Cookies = null });
        (await forgetful.GetAsync("cookie/set")).Close();
        await using var none = await forgetful.GetAsync("cookie/show");
        Assert.Equal("", await none.TextAsync());
    });
}
