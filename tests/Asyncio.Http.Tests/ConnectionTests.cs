using System.Net;
using System.Net.Security;
using System.Text;
using Asyncio.LowLevel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>What a connection can go over: TLS, HTTP/2, proxies, socket files.</summary>
public class ConnectionTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void TLS_is_spoken_to_whom_is_trusted(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await KestrelServer.StartAsync(tls: true);
        var url = server.Url.Replace("127.0.0.1", "localhost");
        await using var session = new ClientSession(new ClientSessionOptions { Tls = Certificates.ClientOptions });
        await using var response = await session.GetAsync($"{url}bytes/1000000");
        Assert.Equal(1_000_000, (await response.ReadAsync()).Length);

        await using var wary = new ClientSession();
        var error = await Stage.Throws<ClientTlsException>(() => wary.GetAsync(url));
        Assert.Contains(url, error.Message);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HTTP_2_carries_many_at_a_time(bool tls) => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync(protocols: HttpProtocols.Http2, tls: tls);
        await using var session = new ClientSession(new ClientSessionOptions
        {
            BaseAddress = new Uri(server.Url.Replace("127.0.0.1", "localhost")),
            HttpVersion = HttpVersion.Version20,
            HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Tls = Certificates.ClientOptions,
        });
        var texts = await Aio.GatherAll(Enumerable.Range(0, 50).Select(_ => Fetch()));
        Assert.All(texts, text => Assert.Equal("hello", text));
        await using var echo = await session.PostAsync("echo", RequestContent.Bytes(new byte[500_000]));
        Assert.Equal(500_000, (await echo.ReadAsync()).Length);

        async Coroutine<string> Fetch()
        {
            await using var response = await session.GetAsync("hello");
            Assert.Equal(HttpVersion.Version20, response.HttpVersion);
            return await response.TextAsync();
        }
    });

    [Fact]
    public void A_proxy_is_asked() => Stage.Run(async () =>
    {
        var heads = new List<string>();
        await using var target = await KestrelServer.StartAsync(tls: true);
        await using var proxy = await HostileServer.StartAsync(async (reader, writer) =>
        {
            var head = (await HostileServer.ReadHeadAsync(reader))!;
            heads.Add(head.Split("\r\n")[0]);
            if (!head.StartsWith("CONNECT", StringComparison.Ordinal))
            {
                writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nproxied");
                await writer.DrainAsync();
                return;
            }

            if (head.Contains("refused.invalid", StringComparison.Ordinal))
            {
                writer.Write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
                await writer.DrainAsync();
                return;
            }

            var (remoteReader, remoteWriter) = await Aio.OpenConnection("127.0.0.1", new Uri(target.Url).Port);
            writer.Write("HTTP/1.1 200 OK\r\n\r\n");
            await TaskGroup.Run(async group =>
            {
                var back = group.CreateTask(Pump(remoteReader, writer));
                await Pump(reader, remoteWriter);
                back.Cancel();
            });
            remoteWriter.Close();
        });
        await using var session = new ClientSession(new ClientSessionOptions { Proxy = new WebProxy(proxy.Url), Tls = Certificates.ClientOptions });
        await using (var plain = await session.GetAsync("http://nowhere.invalid/x"))
        {
            Assert.Equal("proxied", await plain.TextAsync());
        }

        await using (var tunnelled = await session.GetAsync($"{target.Url.Replace("127.0.0.1", "localhost")}hello"))
        {
            Assert.Equal("hello", await tunnelled.TextAsync());
        }

        await Stage.Throws<ClientProxyException>(() => session.GetAsync("https://refused.invalid/"));
        Assert.Equal(["GET http://nowhere.invalid/x HTTP/1.1", $"CONNECT localhost:{new Uri(target.Url).Port} HTTP/1.1", "CONNECT refused.invalid:443 HTTP/1.1"], heads);

        static async Coroutine Pump(AsyncStreamReader from, AsyncStreamWriter to)
        {
            while (await from.ReadAsync(65_536) is { Length: > 0 } data)
            {
                to.Write(data);
                await to.DrainAsync();
            }
        }
    });

    [Fact]
    public void A_socket_file_is_a_server_too() => Stage.Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Socket files need Unix.");
        var folder = Directory.CreateTempSubdirectory("asyncio-http-").FullName;
        try
        {
            var path = Path.Combine(folder, "socket");
            await using var server = await Aio.StartUnixServer(
                async (reader, writer) =>
                {
                    while (await HostileServer.ReadHeadAsync(reader) is { } head)
                    {
                        writer.Write($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(head)}\r\n\r\n{head}");
                    }

                    writer.Close();
                },
                path);
            await using var session = new ClientSession(new ClientSessionOptions { UnixSocketPath = path });
            await using var response = await session.GetAsync("http://docker/containers");
            Assert.StartsWith("GET /containers HTTP/1.1\r\nHost: docker\r\n", await response.TextAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    [Fact]
    public void A_connection_is_used_again_and_let_go_when_it_is_idle() => Stage.Run(async () =>
    {
        var (connections, gone) = (0, 0);
        await using var server = await HostileServer.StartAsync(async (reader, writer) =>
        {
            connections++;
            while (await HostileServer.ReadHeadAsync(reader) is not null)
            {
                writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }

            gone++;
        });
        await using var session = new ClientSession(new ClientSessionOptions { KeepAlive = 1 });
        for (var i = 0; i < 20; i++)
        {
            await using var response = await session.GetAsync(server.Url);
            await response.ReadAsync();
        }

        Assert.Equal(1, connections);
        await Stage.Until(() => gone == 1);
    });
}
