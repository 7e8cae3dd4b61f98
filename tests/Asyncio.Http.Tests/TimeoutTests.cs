using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.Http.Tests;

/// <summary>Servers that hang, in every phase: the error says in which, and the connection is closed.</summary>
public class TimeoutTests
{
    private const double Short = 0.2; // seconds

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_that_does_not_answer_meets_the_limit_of_reading(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var closed = false;
        await using var server = await HostileServer.StartAsync(async (reader, _) =>
        {
            await HostileServer.ReadHeadAsync(reader);
            closed = await HostileServer.ReadHeadAsync(reader) is null;
        });
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Read = Short } });
        var error = await Stage.Throws<ClientTimeoutException>(() => session.GetAsync(server.Url));
        Assert.Equal((ClientTimeoutPhase.Read, Short, "GET", server.Url), (error.Phase, error.Limit, error.Method, error.Url!.AbsoluteUri));
        Assert.Contains(server.Url, error.Message);
        Assert.IsAssignableFrom<IClientError>(error);
        await Stage.Until(() => closed);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_total_is_a_client_error_and_a_timeout(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var closed = false;
        await using var server = await HostileServer.StartAsync(async (reader, _) =>
        {
            await HostileServer.ReadHeadAsync(reader);
            closed = await HostileServer.ReadHeadAsync(reader) is null;
        });
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Total = Short } });
        var error = await Stage.Throws<TimeoutException>(() => session.GetAsync(server.Url));
        Assert.Equal(ClientTimeoutPhase.Total, Assert.IsType<ClientTimeoutException>(error).Phase);
        await Stage.Until(() => closed);
    });

    [Fact]
    public void The_total_includes_the_body() => Stage.Run(async () =>
    {
        await using var server = await Dripping();
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Total = 0.5, Read = 30 } });
        await using var response = await session.GetAsync(server.Url);
        var error = await Stage.Throws<ClientTimeoutException>(async () => await response.ReadAsync());
        Assert.Equal(ClientTimeoutPhase.Total, error.Phase);
    });

    [Fact]
    public void A_body_that_stops_meets_the_limit_of_reading() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.AnswerAsync(async (_, writer) =>
        {
            writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            await writer.DrainAsync();
        });
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Read = Short } });
        await using var whole = await session.GetAsync(server.Url);
        Assert.Equal(ClientTimeoutPhase.Read, (await Stage.Throws<ClientTimeoutException>(async () => await whole.ReadAsync())).Phase);
        await using var pieces = await session.GetAsync(server.Url);
        Assert.Equal("abc"u8.ToArray(), await pieces.Content.ReadAsync(10));
        Assert.Equal(ClientTimeoutPhase.Read, (await Stage.Throws<ClientTimeoutException>(async () => await pieces.Content.ReadAsync(10))).Phase);
        await Stage.Throws<InvalidOperationException>(async () => await pieces.Content.ReadAsync(10)); // it is over
    });

    [Fact]
    public void A_slow_body_that_goes_on_does_not() => Stage.Run(async () =>
    {
        await using var server = await Dripping(pieces: 15);
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Read = 10 } });
        await using var response = await session.GetAsync(server.Url);
        Assert.Equal(15, (await response.ReadAsync()).Length);
    });

    [Fact]
    public void A_server_that_takes_nothing_meets_the_limit_of_sending() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.StartAsync(async (_, writer) =>
        {
            writer.Transport.PauseReading();
            await Aio.Sleep(60);
        });
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Send = 0.5 } });
        var error = await Stage.Throws<ClientTimeoutException>(() => session.PostAsync(server.Url, RequestContent.Bytes(new byte[50 << 20])));
        Assert.Equal(ClientTimeoutPhase.Send, error.Phase);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_server_that_does_not_accept_meets_the_limit_of_connecting(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        var full = new List<Socket>();
        for (var i = 0; i < 8; i++) // what the kernel takes without anybody accepting
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            full.Add(socket);
            try
            {
                socket.Connect(address);
            }
            catch (SocketException)
            {
                // It is under way.
            }
        }

        try
        {
            await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Connect = Short } });
            var error = await Stage.Throws<ClientTimeoutException>(() => session.GetAsync($"http://{address}/"));
            Assert.Equal(ClientTimeoutPhase.Connect, error.Phase);
            await using var other = new ClientSession();
            error = await Stage.Throws<ClientTimeoutException>(() => other.GetAsync($"http://{address}/", new RequestOptions { Timeout = new ClientTimeout { Connect = Short, Read = 30 } }));
            Assert.Equal((ClientTimeoutPhase.Connect, Short), (error.Phase, error.Limit));
        }
        finally
        {
            full.ForEach(socket => socket.Dispose());
        }
    });

    [Fact]
    public void A_server_that_hangs_in_the_TLS_handshake_meets_the_limit_of_connecting() => Stage.Run(async () =>
    {
        await using var server = await HostileServer.StartAsync(async (_, _) => await Aio.Sleep(60));
        await using var session = new ClientSession(new ClientSessionOptions { Timeout = new ClientTimeout { Connect = Short } });
        var error = await Stage.Throws<ClientTimeoutException>(() => session.GetAsync(server.Url.Replace("http:", "https:")));
        Assert.Equal(ClientTimeoutPhase.Connect, error.Phase);
    });

    [Fact]
    public void Waiting_for_others_meets_the_limit_of_the_pool() => Stage.Run(async () =>
    {
        await using var server = await KestrelServer.StartAsync();
        await using var session = new ClientSession(new ClientSessionOptions { LimitPerHost = 1, Timeout = new ClientTimeout { Pool = Short, Read = 30 } });
        var first = await session.GetAsync($"{server.Url}bytes/10000000"); // its body is not read
        var error = await Stage.Throws<ClientTimeoutException>(() => session.GetAsync($"{server.Url}hello"));
        Assert.Equal(ClientTimeoutPhase.Pool, error.Phase);
        await first.DisposeAsync();
        await using var second = await session.GetAsync($"{server.Url}hello");
        Assert.Equal("hello", await second.TextAsync());
    });

    [Fact]
    public void A_limit_is_above_zero() =>
        Assert.All([0.0, -1, double.NaN], limit => Assert.Throws<ArgumentOutOfRangeException>(() => new ClientTimeout { Total = limit }));

    private static Coroutine<HostileServer> Dripping(int pieces = 10_000) => HostileServer.AnswerAsync(async (_, writer) =>
    {
        writer.Write($"HTTP/1.1 200 OK\r\nContent-Length: {pieces}\r\n\r\n");
        for (var i = 0; i < pieces; i++)
        {
            writer.Write("x");
            await writer.DrainAsync();
            await Aio.Sleep(0.02);
        }
    });
}
