using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>Streams over TLS: handshake, data, goodbye, and all that goes wrong with them.</summary>
public class TlsStreamTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_echo_over_TLS(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var options = Certificates.ServerOptions;
        options.ApplicationProtocols = [new SslApplicationProtocol("echo/1"), new SslApplicationProtocol("other")];
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: options);
        var ssl = Certificates.ClientOptions;
        ssl.ApplicationProtocols = [new SslApplicationProtocol("echo/1")];
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), ssl, serverHostname: "localhost");
        Assert.Null(ssl.TargetHost); // the user's object is as it was
        Assert.IsType<SslStream>(writer.GetExtraInfo("sslobject"));
        Assert.Equal("CN=localhost", writer.GetExtraInfo<X509Certificate>("peercert")!.Subject);
        Assert.IsType<TlsCipherSuite>(writer.GetExtraInfo("cipher"));
        Assert.Equal("echo/1", writer.GetExtraInfo("alpn"));
        Assert.IsType<IPEndPoint>(writer.GetExtraInfo("peername"));
        Assert.False(writer.CanWriteEof);
        Assert.Throws<NotSupportedException>(writer.WriteEof);

        var data = new byte[1_000_000];
        new Random(1).NextBytes(data);
        var reading = Aio.CreateTask(reader.ReadExactlyAsync(data.Length));
        for (var offset = 0; offset < data.Length; offset += 33_333)
        {
            writer.Write(data.AsSpan(offset, Math.Min(33_333, data.Length - offset)));
            await writer.DrainAsync();
        }

        Assert.Equal(data, await reading);
        for (var i = 0; i < 50; i++)
        {
            writer.Write($"{i}\n");
            Assert.Equal($"{i}", await reader.ReadTextLineAsync());
        }

        await writer.CloseAsync();
        Assert.Equal(0, TasksOtherThanThis());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_end_closes_both_directions(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var ended = Aio.GetRunningLoop().CreateFuture<bool>();
        await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (reader, writer) = await Aio.OpenConnection("localhost", StreamConnectionTests.Port(server), Certificates.ClientOptions, family: AddressFamily.InterNetwork);
        writer.Write("last words"u8);
        await writer.CloseAsync();
        Assert.True(await ended);
        Assert.True(reader.AtEof);

        async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            Assert.Equal("last words", Encoding.UTF8.GetString(await reader.ReadAsync()));
            await writer.WaitClosedAsync(); // without a close of this side's
            ended.SetResult(writer.IsClosing);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_wrong_name_is_refused(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Refused, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var error = await Stage.Throws<AuthenticationException>(
            async () => await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "example.org"));
        Assert.Contains("RemoteCertificateNameMismatch", error.Message, StringComparison.Ordinal);
        error = await Stage.Throws<AuthenticationException>(
            async () => await Aio.OpenConnection("localhost", StreamConnectionTests.Port(server), ssl: true, family: AddressFamily.InterNetwork));
        Assert.Contains("errors in the certificate chain", error.Message, StringComparison.Ordinal);

        static async Coroutine Refused(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            // With TLS 1.3 the server is done before the client looks at the certificate: then this one sees how it goes.
            try
            {
                Assert.Empty(await reader.ReadAsync());
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
            {
                // By an alert, or a reset.
            }

            await writer.DisposeAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_server_sees_the_name_that_is_asked_for(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        string? asked = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                asked = name;
                return Certificates.Server;
            },
        };
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: options);
        var (_, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost");
        Assert.Equal("localhost", asked);
        await writer.CloseAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_that_says_nothing_ends_by_the_timeout(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var error = await Stage.Throws<SocketException>(
            async () => await Aio.OpenConnection("127.0.0.1", port, Certificates.ClientOptions, sslHandshakeTimeout: Soon));
        Assert.Equal(SocketError.ConnectionAborted, error.SocketErrorCode);
        Assert.Equal("SSL handshake is taking longer than 0.2 seconds: aborting the connection", error.Message);
        using var peer = listener.AcceptSocket();
        await Aio.ToThread(() => ReadToEnd(peer)); // the connection is gone
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_cancelled_handshake_leaves_no_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = Aio.CreateTask(Aio.OpenConnection("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Certificates.ClientOptions));
        using var peer = await Aio.ToThread(listener.AcceptSocket);
        await Aio.Sleep(0.05);
        connecting.Cancel();
        await Stage.Throws<CancelledException>(async () => await connecting);
        await Aio.ToThread(() => ReadToEnd(peer));
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_client_that_talks_nonsense_is_dropped_in_silence(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: Certificates.ServerOptions, sslHandshakeTimeout: Soon);
        foreach (var words in new[] { "GET / HTTP/1.1\r\n\r\n", "" })
        {
            var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
            writer.Write(words);
            try
            {
                await reader.ReadAsync();
            }
            catch (SocketException)
            {
                // A reset is as good as an end.
            }

            await writer.DisposeAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_peer_that_never_says_goodbye_ends_by_the_timeout(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Aio.CreateTask(Aio.ToThread(() => Accept(listener)));
        var (_, writer) = await Aio.OpenConnection(
            "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Certificates.ClientOptions, serverHostname: "localhost", sslShutdownTimeout: Soon);
        using var peer = await serving;
        var error = await Stage.Throws<TimeoutException>(async () => await writer.CloseAsync());
        Assert.Equal("SSL shutdown timed out", error.Message);
        Assert.Equal(0, await Aio.ToThread(() => peer.Read(new byte[10]))); // ours it has got: an end, not a broken connection
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_reset_fails_the_reader(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Aio.CreateTask(Aio.ToThread(() => Accept(listener)));
        var (reader, writer) = await Aio.OpenConnection(
            "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Certificates.ClientOptions, serverHostname: "localhost");
        var peer = await serving;
        var reading = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        var socket = ((NetworkStream)InnerStream(peer)).Socket;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        var error = await Record.ExceptionAsync(async () => await reading.AsTask());
        Assert.True(error is SocketException or IOException, $"{error}");
        await writer.DisposeAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void An_open_connection_is_upgraded(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        writer.Write("STARTTLS\n"u8);
        Assert.Equal("ready", await reader.ReadTextLineAsync());
        await writer.StartTlsAsync(Certificates.ClientOptions, serverHostname: "localhost");
        Assert.NotNull(writer.GetExtraInfo("sslobject"));
        writer.Write("secret\n"u8);
        Assert.Equal("secret", await reader.ReadTextLineAsync());
        await writer.CloseAsync();

        static async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            Assert.Equal("STARTTLS", await reader.ReadTextLineAsync());
            writer.Write("ready\n"u8);
            await writer.DrainAsync();
            await Stage.Until(() => reader.Buffered > 0); // the client's hello
            await writer.StartTlsAsync(Certificates.ServerOptions);
            await StreamConnectionTests.Echo(reader, writer);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_failed_upgrade_closes_the_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server));
        var waiting = Aio.CreateTask(reader.ReadLineAsync());
        await Stage.Spin();
        await Stage.Throws<InvalidOperationException>(async () => await writer.StartTlsAsync(Certificates.ClientOptions, serverHostname: "localhost"));
        waiting.Cancel();
        await Aio.Wait([waiting]);
        var error = await Stage.Throws<AuthenticationException>(async () => await writer.StartTlsAsync(Certificates.ClientOptions, serverHostname: "example.org"));
        Assert.Contains("NameMismatch", error.Message, StringComparison.Ordinal);
        await writer.WaitClosedAsync();

        static async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            try
            {
                await writer.StartTlsAsync(Certificates.ServerOptions);
                await reader.ReadAsync();
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
            {
                // The client has gone.
            }

            await writer.DisposeAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_slow_reader_holds_up_the_peer(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var written = 0L;
        await using var server = await Aio.StartServer(Flood, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (reader, writer) = await Aio.OpenConnection(
            "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost", limit: 1000);
        var before = -1L;
        while (before != written || reader.Buffered <= 2000 || writer.Transport.IsReading)
        {
            before = written;
            await Aio.Sleep(0.1);
        }

        Assert.InRange(reader.Buffered, 2001, 100_000);
        Assert.False(writer.Transport.IsReading);
        await reader.ReadExactlyAsync((int)Math.Min(written, 1_000_000));
        Assert.InRange(written, 1, 64_000_000);
        writer.Transport.Abort();
        await writer.DisposeAsync();

        async Coroutine Flood(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            var data = new byte[50_000];
            try
            {
                while (true)
                {
                    writer.Write(data);
                    written += data.Length;
                    await writer.DrainAsync();
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                writer.Close();
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void All_of_it_runs_on_the_loops_thread(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var threads = new HashSet<int>();
        var options = new SslServerAuthenticationOptions { ServerCertificateSelectionCallback = (_, _) => Seen(Certificates.Server) };
        var ssl = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => Seen(true), TargetHost = "localhost" };
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: options);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(server), ssl);
        for (var i = 0; i < 20; i++)
        {
            writer.Write("x\n"u8);
            await reader.ReadLineAsync();
            Seen(i);
        }

        await writer.CloseAsync();
        Assert.Equal([Environment.CurrentManagedThreadId], threads);

        T Seen<T>(T value)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return value;
        }
    });

    [Fact]
    public void Arguments_are_checked_at_the_call()
    {
        Assert.Throws<ArgumentException>(() => Aio.OpenConnection(null, 1, ssl: true));
        Assert.Throws<ArgumentException>(() => Aio.OpenConnection("localhost", 1, ssl: false, serverHostname: "x"));
        Assert.Throws<ArgumentException>(() => Aio.OpenConnection("localhost", 1, ssl: false, sslHandshakeTimeout: Soon));
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.OpenConnection("localhost", 1, ssl: true, sslHandshakeTimeout: TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.StartServer(StreamConnectionTests.Echo, "localhost", 1, ssl: Certificates.ServerOptions, sslShutdownTimeout: TimeSpan.FromSeconds(-3)));
        Assert.Throws<ArgumentException>(() => Aio.StartServer(StreamConnectionTests.Echo, "localhost", 1, sslShutdownTimeout: Soon));
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.StartServer(StreamConnectionTests.Echo, "localhost", 1, limit: 0));
    }

    private static int TasksOtherThanThis() => Aio.AllTasks().Count(task => task.Name.Contains("TLS", StringComparison.Ordinal));

    private static SslStream Accept(TcpListener listener)
    {
        var socket = listener.AcceptSocket();
        socket.ReceiveTimeout = Hang.Milliseconds;
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        stream.AuthenticateAsServer(Certificates.ServerOptions);
        return stream;
    }

    private static Stream InnerStream(SslStream stream) =>
        (Stream)typeof(AuthenticatedStream).GetProperty("InnerStream", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(stream)!;

    private static void ReadToEnd(Socket socket)
    {
        socket.ReceiveTimeout = Hang.Milliseconds;
        var buffer = new byte[10_000];
        try
        {
            while (socket.Receive(buffer) > 0)
            {
                // The client's hello.
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Gone is gone.
        }
    }
}
