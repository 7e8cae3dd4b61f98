using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>TLS from the first byte on, for protocols and for streams, over whatever is connected.</summary>
public class TlsConnectingTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Protocols_at_both_ends(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var served = new List<Echoing>();
        var path = TemporarySocket();
        var tcp = await loop.CreateServer(Serve, "127.0.0.1", 0, Certificates.ServerOptions);
        var unix = await loop.CreateUnixServer(Serve, path, Certificates.ServerOptions);
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var given = await loop.CreateServer(Serve, bound, Certificates.ServerOptions);
        var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await loop.SockConnect(ours, bound.LocalEndPoint!);

        await Talk(await loop.CreateConnection(() => new Tape(), "localhost", StreamConnectionTests.Port(tcp), Certificates.ClientOptions, family: AddressFamily.InterNetwork));
        await Talk(await loop.CreateUnixConnection(() => new Tape(), path, Certificates.ClientOptions, "localhost"));
        await Talk(await loop.CreateConnection(() => new Tape(), ours, Certificates.ClientOptions, "localhost"));
        Assert.Equal(3, served.Count);
        Assert.All(served, echo => Assert.Equal("made data eof lost", echo.Line));
        foreach (var server in new[] { tcp, unix, given })
        {
            await server.DisposeAsync();
        }

        Echoing Serve()
        {
            served.Add(new Echoing());
            return served[^1];
        }

        async Coroutine Talk((Transport Transport, Tape Tape) connection)
        {
            var (transport, tape) = connection;
            Assert.Equal("made", tape.Line);
            Assert.Same(transport, tape.Transport);
            Assert.IsType<SslStream>(transport.GetExtraInfo("sslobject"));
            transport.Write("hello"u8);
            await Stage.Until(() => tape.Text == "hello");
            transport.Close();
            await tape.Lost();
            await served[^1].Lost();
            Assert.Null(tape.Error);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_socket_that_was_accepted_elsewhere(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Asyncio.IO.Tests.Transports.Stage.Pair();
        var accepting = Aio.CreateTask(loop.ConnectAcceptedSocket(() => new Echoing(), theirs, Certificates.ServerOptions));
        var (reader, writer) = await Aio.OpenConnection(ours, ssl: Certificates.ClientOptions, serverHostname: "localhost");
        var (transport, echo) = await accepting;
        writer.Write("hello"u8);
        Assert.Equal("hello"u8.ToArray(), await reader.ReadExactlyAsync(5));
        await writer.CloseAsync();
        await echo.Lost();
        Assert.Equal("made data eof lost", echo.Line);
        Assert.True(transport.IsClosing);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Streams_over_a_socket_and_over_a_file(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var path = TemporarySocket();
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var tcp = await Aio.StartServer(
            StreamConnectionTests.Echo, bound, ssl: Certificates.ServerOptions, sslHandshakeTimeout: TimeSpan.FromSeconds(20), sslShutdownTimeout: TimeSpan.FromSeconds(20));
        await using var unix = await Aio.StartUnixServer(
            StreamConnectionTests.Echo, path, ssl: Certificates.ServerOptions, sslHandshakeTimeout: TimeSpan.FromSeconds(20), sslShutdownTimeout: TimeSpan.FromSeconds(20));
        var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Aio.GetRunningLoop().SockConnect(ours, bound.LocalEndPoint!);
        await Talk(await Aio.OpenConnection(
            ours, ssl: Certificates.ClientOptions, serverHostname: "localhost", sslHandshakeTimeout: TimeSpan.FromSeconds(20), sslShutdownTimeout: TimeSpan.FromSeconds(20)));
        await Talk(await Aio.OpenUnixConnection(
            path, ssl: Certificates.ClientOptions, serverHostname: "localhost", sslHandshakeTimeout: TimeSpan.FromSeconds(20), sslShutdownTimeout: TimeSpan.FromSeconds(20)));

        static async Coroutine Talk((AsyncStreamReader Reader, AsyncStreamWriter Writer) streams)
        {
            streams.Writer.Write("hello"u8);
            Assert.Equal("hello"u8.ToArray(), await streams.Reader.ReadExactlyAsync(5));
            await streams.Writer.CloseAsync();
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_failed_handshake_is_told_to_no_protocol(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var (server, client, raw) = (new Tape(), new Tape(), new Tape());
        await using (var listening = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0, Certificates.ServerOptions))
        {
            await Stage.Throws<AuthenticationException>(async () =>
                await loop.CreateConnection(() => client, "127.0.0.1", StreamConnectionTests.Port(listening), Certificates.ClientOptions, "example.org"));
        }

        await using (var listening = await loop.CreateServer(() => server, "127.0.0.1", 0, Certificates.ServerOptions))
        {
            var (transport, _) = await loop.CreateConnection(() => raw, "127.0.0.1", StreamConnectionTests.Port(listening));
            transport.Write("GET / HTTP/1.0\r\n\r\n"u8);
            await raw.Lost();
        }

        Assert.Empty(client.Events);
        Assert.Empty(server.Events);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_handshakes_timeout_counts_everywhere(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var soon = TimeSpan.FromMilliseconds(20);
        var path = TemporarySocket();
        await using var silent = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0);
        await using var silentFile = await loop.CreateUnixServer(() => new Tape(), path);
        var port = StreamConnectionTests.Port(silent);
        await TakesTooLong(async () => await loop.CreateConnection(() => new Tape(), "127.0.0.1", port, Certificates.ClientOptions, "localhost", soon));
        await TakesTooLong(async () => await loop.CreateConnection(() => new Tape(), await Connected(), Certificates.ClientOptions, "localhost", soon));
        await TakesTooLong(async () => await loop.CreateUnixConnection(() => new Tape(), path, Certificates.ClientOptions, "localhost", soon));
        await TakesTooLong(async () => await loop.ConnectAcceptedSocket(() => new Tape(), await Connected(), Certificates.ServerOptions, soon));
        await TakesTooLong(async () => await Aio.OpenConnection(await Connected(), ssl: Certificates.ClientOptions, serverHostname: "localhost", sslHandshakeTimeout: soon));
        await TakesTooLong(async () => await Aio.OpenUnixConnection(path, ssl: Certificates.ClientOptions, serverHostname: "localhost", sslHandshakeTimeout: soon));

        // A server ends a client that says nothing.
        var secure = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0, Certificates.ServerOptions, soon);
        var secureFile = await Aio.StartUnixServer(StreamConnectionTests.Echo, path + "2", ssl: Certificates.ServerOptions, sslHandshakeTimeout: soon);
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", StreamConnectionTests.Port(secure));
        var (fileReader, fileWriter) = await Aio.OpenUnixConnection(path + "2");
        await End(reader);
        await End(fileReader);
        writer.Close();
        fileWriter.Close();
        await secure.DisposeAsync();
        await secureFile.DisposeAsync();

        async Coroutine<Socket> Connected()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await loop.SockConnect(socket, new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }

        static async Coroutine TakesTooLong(Func<Coroutine> connect)
        {
            var error = await Stage.Throws<SocketException>(connect);
            Assert.StartsWith("SSL handshake is taking longer than 0.02 seconds", error.Message);
        }

        static async Coroutine End(AsyncStreamReader reader)
        {
            try
            {
                Assert.Empty(await reader.ReadAsync());
            }
            catch (SocketException)
            {
                // Aborted: by an end or by a reset.
            }
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_closes_its_clients_in_order(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var served = new Tape();
        var server = await loop.CreateServer(() => served, "127.0.0.1", 0, Certificates.ServerOptions);
        var (_, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, "localhost");
        await Stage.Until(() => served.Events.Count > 0);
        served.Transport.Write(new byte[500_000]);
        server.Close();
        server.CloseClients();
        await server.WaitClosedAsync();
        await tape.Lost();
        Assert.Equal(500_000, tape.Received);
        Assert.Equal("made data eof lost", tape.Line);

        // One whose handshake has not begun.
        server = await loop.CreateServer(() => served, "127.0.0.1", 0, Certificates.ServerOptions);
        var (raw, silent) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", StreamConnectionTests.Port(server));
        raw.Write([22]);
        await Aio.Sleep(0.02);
        server.Close();
        server.CloseClients();
        await silent.Lost();
        await server.WaitClosedAsync();
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void What_is_said_of_TLS_without_it_is_a_mistake(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        var second = TimeSpan.FromSeconds(1);
        await Refused("serverHostname", async () => await loop.CreateConnection(() => new Tape(), "127.0.0.1", 1, serverHostname: "localhost"));
        await Refused("sslShutdownTimeout", async () => await loop.CreateUnixConnection(() => new Tape(), "/x", sslShutdownTimeout: second));
        await Refused("sslHandshakeTimeout", async () => await loop.CreateServer(() => new Tape(), "127.0.0.1", 0, sslHandshakeTimeout: second));
        await Refused("sslHandshakeTimeout", async () => await loop.CreateUnixServer(() => new Tape(), "/x", sslHandshakeTimeout: second));
        await Refused("serverHostname", async () => await loop.CreateUnixConnection(() => new Tape(), "/x", Certificates.ClientOptions)); // no name
        await Refused("serverHostname", async () => await Aio.OpenUnixConnection("/x", serverHostname: "localhost"));

        static async Coroutine Refused(string name, Func<Coroutine> call) =>
            Assert.Equal(name, (await Stage.Throws<ArgumentException>(call)).ParamName);
    });

    private static string TemporarySocket() => Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private sealed class Echoing : Tape
    {
        public Echoing() => WhenData = static tape =>
        {
            Assert.Null(Aio.CurrentTask());
            tape.Transport.Write(System.Text.Encoding.ASCII.GetBytes(tape.Text));
        };

        public override void ConnectionMade(BaseTransport transport)
        {
            Assert.Null(Aio.CurrentTask()); // a callback as any other, not a step of the handshake's task
            base.ConnectionMade(transport);
        }
    }
}
