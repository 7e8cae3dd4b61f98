using System.Diagnostics;
using System.Net.Security;
using Asyncio.IO.Tests.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Programs that others have written, at the other end.</summary>
public class ForeignPeerTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Curl_reads_over_plain_text_and_TLS(ReactorKind kind)
    {
        var curl = Find("curl");
        var (certificate, _) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            await using var plain = await Aio.StartServer(TinyHttp.Handle, "127.0.0.1", 0);
            await using var secure = await Aio.StartServer(TinyHttp.Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
            Assert.Equal("GET /x HTTP/1.1", await Output(curl, "-s", "-m", "300", "--noproxy", "*", $"http://127.0.0.1:{StreamConnectionTests.Port(plain)}/x"));
            Assert.Equal(
                "GET /y HTTP/1.1GET /z HTTP/1.1",
                await Output(
                    curl, "-s", "-S", "-m", "300", "--noproxy", "*", "--cacert", certificate,
                    $"https://127.0.0.1:{StreamConnectionTests.Port(secure)}/y", $"https://127.0.0.1:{StreamConnectionTests.Port(secure)}/z"));
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Curl_downloads_a_file_over_plain_text_and_TLS(ReactorKind kind)
    {
        var curl = Find("curl");
        var (certificate, _) = Certificates.Files;
        using var file = new ContentFile(3_000_000);
        using var target = new ContentFile(0);
        Stage.Run(kind, async () =>
        {
            await using var plain = await Aio.StartServer(Send, "127.0.0.1", 0);
            await using var secure = await Aio.StartServer(Send, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
            foreach (var address in new[] { $"http://127.0.0.1:{StreamConnectionTests.Port(plain)}", $"https://127.0.0.1:{StreamConnectionTests.Port(secure)}" })
            {
                File.WriteAllText(target.Path, "");
                Assert.Equal("200", await Output(curl, "-s", "-S", "-m", "20", "--noproxy", "*", "--cacert", certificate, "-o", target.Path, "-w", "%{http_code}", address));
                Assert.True(file.Content.AsSpan().SequenceEqual(File.ReadAllBytes(target.Path)));
            }

            async Coroutine Send(AsyncStreamReader reader, AsyncStreamWriter writer)
            {
                await reader.ReadUntilAsync("\r\n\r\n"u8);
                writer.Write($"HTTP/1.1 200 OK\r\nContent-Length: {file.Content.Length}\r\nConnection: close\r\n\r\n");
                await writer.SendFileAsync(file.Path);
                await writer.CloseAsync();
            }
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void OpenSSLs_client_is_told_goodbye_by_a_server_that_closes(ReactorKind kind)
    {
        var openssl = Find("openssl");
        var (certificate, _) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            Server server = null!;
            server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
            var output = await Talk(
                openssl, "bye\n", "s_client", "-verify_return_error", "-CAfile", certificate, "-servername", "localhost", "-msg",
                "-connect", $"127.0.0.1:{StreamConnectionTests.Port(server)}");
            Assert.Matches("<<< TLS .*close_notify", output);
            await server.DisposeAsync();

            async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
            {
                await reader.ReadLineAsync();
                writer.Write("the end"u8);
                server.CloseClients();
            }
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void OpenSSLs_client_talks_to_a_server_of_ours(ReactorKind kind)
    {
        var openssl = Find("openssl");
        var (certificate, _) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            string? heard = null;
            await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
            var output = await Talk(
                openssl, "hello from openssl\n", "s_client", "-quiet", "-verify_return_error", "-CAfile", certificate, "-servername", "localhost",
                "-connect", $"127.0.0.1:{StreamConnectionTests.Port(server)}");
            Assert.Equal("hello from openssl", heard);
            Assert.Contains("goodbye", output, StringComparison.Ordinal);

            async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
            {
                heard = await reader.ReadTextLineAsync();
                writer.Write("goodbye\n"u8);
                await writer.CloseAsync();
            }
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_client_of_ours_talks_to_OpenSSLs_server(ReactorKind kind)
    {
        var openssl = Find("openssl");
        var (certificate, key) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            var port = FreePort();
            using var server = Start(openssl, "s_server", "-quiet", "-rev", "-cert", certificate, "-key", key, "-accept", $"127.0.0.1:{port}");
            try
            {
                var (reader, writer) = await Connect(() => Aio.OpenConnection("127.0.0.1", port, Certificates.ClientOptions, serverHostname: "localhost"));
                writer.Write("abc\n"u8);
                Assert.Equal("cba", await reader.ReadTextLineAsync());
                Assert.IsType<SslStream>(writer.GetExtraInfo("sslobject"));
                await writer.CloseAsync();
            }
            finally
            {
                End(server);
            }
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void CPythons_asyncio_is_a_client(ReactorKind kind)
    {
        const string Client = """
            import asyncio, ssl, sys

            async def talk(port, context):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost" if context else None)
                data = bytes(range(256)) * 2000
                writer.write(data)
                assert await reader.readexactly(len(data)) == data
                writer.write(b"line\n")
                assert await reader.readline() == b"line\n"
                writer.close()
                await writer.wait_closed()

            async def main():
                await talk(int(sys.argv[1]), None)
                await talk(int(sys.argv[2]), ssl.create_default_context(cafile=sys.argv[3]))
                print("all well")

            asyncio.run(main())
            """;
        var python = Find("python3");
        var (certificate, _) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            await using var plain = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0);
            await using var secure = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
            Assert.Equal("all well\n", await Output(python, "-c", Client, $"{StreamConnectionTests.Port(plain)}", $"{StreamConnectionTests.Port(secure)}", certificate));
        });
    }

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void CPythons_asyncio_is_a_server(ReactorKind kind)
    {
        const string Server = """
            import asyncio, ssl, sys

            async def echo(reader, writer):
                while data := await reader.read(65536):
                    writer.write(data)
                    await writer.drain()
                writer.close()

            async def upgrade(reader, writer):
                assert await reader.readline() == b"STARTTLS\n"
                writer.write(b"ready\n")
                await writer.start_tls(context)
                await echo(reader, writer)

            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(sys.argv[1], sys.argv[2])

            async def main():
                plain = await asyncio.start_server(echo, "127.0.0.1", 0)
                secure = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context)
                later = await asyncio.start_server(upgrade, "127.0.0.1", 0)
                print(*(s.sockets[0].getsockname()[1] for s in (plain, secure, later)), flush=True)
                await asyncio.to_thread(sys.stdin.read)

            asyncio.run(main())
            """;
        var python = Find("python3");
        var (certificate, key) = Certificates.Files;
        Stage.Run(kind, async () =>
        {
            using var server = Start(python, "-c", Server, certificate, key);
            try
            {
                var line = await Aio.ToThread(server.StandardOutput.ReadLine);
                int[] ports = [.. line!.Split(' ').Select(int.Parse)];
                await Talk(await Aio.OpenConnection("127.0.0.1", ports[0]));
                await Talk(await Aio.OpenConnection("127.0.0.1", ports[1], Certificates.ClientOptions, serverHostname: "localhost"));
                var later = await Aio.OpenConnection("127.0.0.1", ports[2]);
                later.Writer.Write("STARTTLS\n"u8);
                Assert.Equal("ready", await later.Reader.ReadTextLineAsync());
                await later.Writer.StartTlsAsync(Certificates.ClientOptions, serverHostname: "localhost");
                await Talk(later);
            }
            finally
            {
                End(server);
            }
        });

        static async Coroutine Talk((AsyncStreamReader Reader, AsyncStreamWriter Writer) streams)
        {
            var (reader, writer) = streams;
            var data = new byte[400_000];
            new Random(1).NextBytes(data);
            var reading = Aio.CreateTask(reader.ReadExactlyAsync(data.Length));
            writer.Write(data);
            await writer.DrainAsync();
            Assert.Equal(data, await reading);
            await writer.CloseAsync();
        }
    }

    internal static string Find(string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not on this machine.");
        return path!;
    }

    internal static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static async Coroutine<T> Connect<T>(Func<Coroutine<T>> connect)
    {
        while (true)
        {
            try
            {
                return await connect();
            }
            catch (System.Net.Sockets.SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionRefused)
            {
                await Aio.Sleep(0.02); // it has not begun to listen
            }
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    /// <summary>Until it is reaped: a child that has ended and is there would be taken for another test's.</summary>
    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Runs it to its end, beside the loop.</summary>
    private static Coroutine<string> Output(string program, params string[] arguments) => Talk(program, null, arguments);

    private static async Coroutine<string> Talk(string program, string? input, params string[] arguments)
    {
        using var process = Start(program, arguments);
        try
        {
            return await Aio.ToThread(() =>
            {
                if (input is not null)
                {
                    process.StandardInput.Write(input);
                    process.StandardInput.Flush();
                }

                var errors = process.StandardError.ReadToEndAsync();
                var output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.True(output.Length > 0, errors.Result);
                return output;
            });
        }
        finally
        {
            if (!process.HasExited)
            {
                End(process);
            }
        }
    }
}
