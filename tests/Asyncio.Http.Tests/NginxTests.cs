using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>Against nginx, where it is installed.</summary>
public class NginxTests
{
    private static readonly string? s_program = new[] { "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Pages_compressed_pages_ranges_and_redirects_are_fetched(ReactorKind kind) => Run(kind, async (session, folder) =>
    {
        await using (var page = await session.GetAsync("page.html"))
        {
            Assert.Equal("text/html", page.ContentType);
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "html", "page.html")), await page.TextAsync());
            Assert.StartsWith("nginx", page.Headers["Server"]);
        }

        await using (var range = await session.GetAsync("plain.txt", new RequestOptions { Headers = { ["Range"] = "bytes=0-3" } }))
        {
            Assert.Equal((206, "abcd"), (range.Status, await range.TextAsync()));
        }

        await using (var moved = await session.GetAsync("moved"))
        {
            Assert.Equal((200, 301), (moved.Status, Assert.Single(moved.History).Status));
        }

        await using var missing = await session.GetAsync("missing");
        Assert.Equal(404, missing.Status);
    });

    [Fact]
    public void Two_hundred_at_a_time_come_back_whole() => Run(ReactorKind.Epoll, async (session, _) =>
    {
        var sizes = await Aio.GatherAll(Enumerable.Range(0, 1000).Select(_ => Fetch()));
        Assert.All(sizes, size => Assert.Equal(sizes[0], size));

        async Coroutine<int> Fetch()
        {
            await using var response = await session.GetAsync("page.html");
            return (await response.ReadAsync()).Length;
        }
    });

    private static void Run(ReactorKind kind, Func<ClientSession, string, Coroutine> test)
    {
        Assert.SkipWhen(s_program is null, "nginx is not installed.");
        Stage.Run(kind, async () =>
        {
            var folder = Directory.CreateTempSubdirectory("asyncio-nginx-").FullName;
            try
            {
                Directory.CreateDirectory(Path.Combine(folder, "html"));
                await File.WriteAllTextAsync(Path.Combine(folder, "html", "page.html"), string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n")));
                await File.WriteAllTextAsync(Path.Combine(folder, "html", "plain.txt"), "abcdefgh"); // a compressed page has no ranges
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // its workers are another user
                }

                var port = FreePort();
                await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(folder, port));
                await using var nginx = await Aio.CreateSubprocessExec(
                    s_program!, ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")], stdout: StdioTarget.DevNull, stderr: StdioTarget.DevNull);
                await using (var session = new ClientSession(new ClientSessionOptions { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Limit = 200, Retry = new RetryOptions { Attempts = 100, Delay = 0.05, MaxDelay = 0.1 } }))
                {
                    await test(session, folder);
                }

                nginx.Terminate();
                await nginx.WaitAsync();
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static string Configuration(string folder, int port) => $$"""
        daemon off; master_process off;
        pid {{folder}}/nginx.pid;
        events { worker_connections 1024; }
        http {
          access_log off;
          types { text/html html; }
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          gzip on; gzip_min_length 100;
          server {
            listen 127.0.0.1:{{port}};
            root {{folder}}/html;
            location = /moved { return 301 /page.html; }
          }
        }
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
