using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>What comes from outside and is wrong: a named error with the URL in it, the connection discarded, the session as good as before.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("relative/path")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    [InlineData("http://")]
    [InlineData("http:///nowhere")]
    [InlineData("http://exa mple/")]
    [InlineData("http://127.0.0.1:99999/")]
    [InlineData("javascript:alert(1)")]
    public void A_bad_URL_is_refused(string url) => Stage.Run(async () =>
    {
        await using var session = new ClientSession();
        var error = await Stage.Throws<InvalidUrlException>(() => session.GetAsync(url));
        Assert.Contains(url, error.Message);
        Assert.Equal("GET", error.Method);
    });

    [Theory]
    [InlineData("http://example.com/api", "must end with '/'")]
    [InlineData("ftp://example.com/", "neither http nor https")]
    [InlineData("relative/", "relative")]
    public void A_bad_base_address_is_refused(string url, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new ClientSessionOptions { BaseAddress = new Uri(url, UriKind.RelativeOrAbsolute) }).Message);

    [Theory]
    [InlineData("X-Bad", "a\r\nX-Injected: 1")]
    [InlineData("X-Bad", "a\nb")]
    [InlineData("X-Bad", "a\0b")]
    [InlineData("X-Bad", "ä")]
    [InlineData("X Bad", "a")]
    [InlineData("X-Bad:", "a")]
    [InlineData("", "a")]
    [InlineData("Content-Type", "text/plain\r\nX-Injected: 1")]
    public void A_header_that_would_write_others_is_refused(string name, string value) => Stage.Run(async () =>
    {
        var asked = 0;
        await using var server = await HostileServer.AnswerAsync(async (_, _) => asked++);
        await using var session = new ClientSession();
        var error = await Stage.Throws<InvalidHeaderException>(() => session.PostAsync(server.Url, RequestContent.Text("x"), new RequestOptions { Headers = { { name, value } } }));
        Assert.Contains(server.Url, error.Message);
        Assert.Equal(0, asked);
    });

    [Theory]
    [InlineData("a", "b; admin=1")]
    [InlineData("a=b", "c")]
    [InlineData("a", "b\r\nX: 1")]
    public void A_cookie_that_would_be_two_is_refused(string name, string value) => Stage.Run(async () =>
    {
        await using var session = new ClientSession();
        await Stage.Throws<InvalidHeaderException>(() => session.GetAsync("http://127.0.0.1:9/", new RequestOptions { Cookies = { { name, value } } }));
    });

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "garbage")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "a status of four digits")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "a header without a colon")]
    [InlineData("\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\r\n\r\n", "bytes")]
    public void What_is_not_HTTP_is_told(string answer, string what) => Stage.Run(async () =>
    {
        Assert.NotNull(what);
        await using var server = await HostileServer.SayAsync(answer);
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        for (var i = 0; i < 3; i++)
        {
            var error = await Stage.Throws<InvalidResponseException>(() => session.GetAsync(server.Url));
            Assert.Contains(server.Url, error.Message);
        }
    });

    [Fact]
    public void A_head_without_end_has_a_limit() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            writer.Write("HTTP/1.1 200 OK\r\n");
            while (true)
            {
                writer.Write($"X-More: {new string('x', 1000)}\r\n");
                await writer.DrainAsync();
            }
        });
        await using var session = new ClientSession();
        await Stage.Throws<InvalidResponseException>(() => session.GetAsync(server.Url));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_connection_that_is_closed_or_reset_before_the_answer_is_told(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var reset = false;
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            if (reset)
            {
                writer.Transport.Abort();
            }
            else
            {
                writer.Close();
            }
        });
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        var error = await Stage.Throws<ServerDisconnectedException>(() => session.GetAsync(server.Url));
        Assert.Contains(server.Url, error.Message);
        reset = true;
        await Stage.Throws<ServerDisconnectedException>(() => session.PostAsync(server.Url, RequestContent.Text("x")));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_body_that_ends_too_soon_is_told(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await HostileServer.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        await using (var response = await session.GetAsync(server.Url))
        {
            var error = await Stage.Throws<ClientPayloadException>(async () => await response.ReadAsync());
            Assert.Contains(server.Url, error.Message);
        }

        await using var streamed = await session.GetAsync(server.Url);
        Assert.Equal(3, (await streamed.Content.ReadAsync(10)).Length);
        await Stage.Throws<ClientPayloadException>(async () => await streamed.Content.ReadAsync(10));
    });

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\nnot gzip!!")]
    public void A_malformed_body_is_told(string rest) => Stage.Run(async () =>
    {
        await using var server = await HostileServer.SayAsync($"HTTP/1.1 200 OK\r\n{rest}");
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1 });
        await using var response = await session.GetAsync(server.Url);
        await Stage.Throws<ClientPayloadException>(async () => await response.ReadAsync());
    });

    [Fact]
    public void A_decompression_bomb_meets_the_limit() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { Limit = 1, MaxBodySize = 1 << 20 });
        await using (var bomb = await session.GetAsync($"{server.Url}gzip/200000000"))
        {
            var error = await Stage.Throws<ClientPayloadException>(async () => await bomb.ReadAsync());
            Assert.Contains("1,048,576", error.Message);
            Assert.Contains(server.Url, error.Message);
        }

        await using (var large = await session.GetAsync($"{server.Url}gzip/1000000"))
        {
            Assert.Equal(1_000_000, (await large.ReadAsync()).Length);
        }

        await using (var raised = await session.GetAsync($"{server.Url}gzip/3000000", new RequestOptions { MaxBodySize = 4_000_000 }))
        {
            Assert.Equal(3_000_000, (await raised.ReadAsync()).Length);
        }

        await using var streamed = await session.GetAsync($"{server.Url}gzip/3000000");
        var total = 0;
        await foreach (var piece in streamed.Content)
        {
            total += piece.Length;
        }

        Assert.Equal(3_000_000, total);
    });

    [Fact]
    public void Nobody_there_and_no_such_name_are_different_errors() => Stage.Run(async () =>
    {
        await using var session = new ClientSession();
        var refused = await Stage.Throws<ClientConnectorException>(() => session.GetAsync("http://127.0.0.1:1/"));
        Assert.IsNotType<ClientNameException>(refused);
        Assert.Contains("http://127.0.0.1:1/", refused.Message);
        var unknown = await Stage.Throws<ClientNameException>(() => session.GetAsync("http://does-not-exist.invalid/"));
        Assert.Contains("does-not-exist.invalid", unknown.Message);
    });

    [Fact]
    public void What_fails_while_a_body_is_made_comes_out_as_it_is() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession();
        await Stage.Throws<DirectoryNotFoundException>(() => session.PostAsync($"{server.Url}echo", RequestContent.File("/does/not/exist")));
        await Stage.Throws<FormatException>(() => session.PostAsync($"{server.Url}echo", RequestContent.Chunks(Failing())));
        await using var next = await session.GetAsync($"{server.Url}hello");
        Assert.Equal("hello", await next.TextAsync());

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Failing()
        {
            yield return new byte[10];
            await Aio.Sleep(0);
            throw new FormatException("the caller's own");
        }
    });

    [Fact]
    public void An_unknown_charset_is_read_as_UTF_8() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            writer.Write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=klingon\r\nContent-Length: 5\r\n\r\n");
            writer.Write(Encoding.UTF8.GetBytes("äöx"));
        });
        await using var session = new ClientSession();
        await using var response = await session.GetAsync(server.Url);
        Assert.Equal("äöx", await response.TextAsync());
        Assert.Equal("klingon", response.Charset);
    });
}
