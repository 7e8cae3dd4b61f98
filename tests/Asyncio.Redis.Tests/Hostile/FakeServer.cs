using System.Net;
using System.Text;

namespace Asyncio.Redis.Tests.Hostile;

/// <summary>A server on our streams that does what a test says, to each connection.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Server _server;

    private FakeServer(Server server) => _server = server;

    public int Connections { get; private set; }

    public RedisOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_server.Sockets[0].LocalEndPoint!).Port,
        ConnectAttempts = 2,
    };

    public static async Coroutine<FakeServer> Start(Func<FakePeer, Coroutine> serve)
    {
        var made = default(FakeServer);
        var server = await Aio.StartServer(
            async (reader, writer) =>
            {
                await using var _ = writer;
                try
                {
                    await serve(new FakePeer(reader, writer, ++made!.Connections));
                }
                catch (Exception e) when (e is IncompleteReadException or System.Net.Sockets.SocketException or IOException)
                {
                    // the client is gone
                }
            },
            "127.0.0.1",
            0);
        return made = new FakeServer(server);
    }

    public async ValueTask DisposeAsync()
    {
        _server.AbortClients();
        await _server.CloseAsync(5);
    }
}

/// <summary>The server's end of a connection.</summary>
/// <param name="number">From 1, in the order in which they came.</param>
internal sealed class FakePeer(AsyncStreamReader reader, AsyncStreamWriter writer, int number)
{
    public const string Welcome = "%1\r\n$2\r\nid\r\n:1\r\n";

    public int Number => number;

    /// <summary>Bytes as they are.</summary>
    public async Coroutine Send(string bytes)
    {
        writer.Write(Encoding.Latin1.GetBytes(bytes));
        await writer.DrainAsync();
    }

    public void Write(byte[] bytes) => writer.Write(bytes);

    public Coroutine Drain() => writer.DrainAsync();

    /// <summary>Lets the client in.</summary>
    public async Coroutine Greet()
    {
        await Receive();
        await Send(Welcome);
        Xunit.Assert.Equal(["PING"], await Receive());
        await Send("+PONG\r\n");
    }

    /// <summary>A command, its words.</summary>
    public async Coroutine<string[]> Receive()
    {
        var words = new string[await Header('*')];
        for (var i = 0; i < words.Length; i++)
        {
            var bytes = await reader.ReadExactlyAsync(await Header('$') + 2);
            words[i] = Encoding.UTF8.GetString(bytes, 0, bytes.Length - 2);
        }

        return words;
    }

    /// <summary>Whatever comes first, however much it is.</summary>
    public Coroutine<byte[]> ReceiveSome() => reader.ReadAsync(100_000);

    /// <summary>Until the client closes.</summary>
    public async Coroutine WaitForEnd()
    {
        while ((await ReceiveSome()).Length > 0)
        {
        }
    }

    private async Coroutine<int> Header(char type)
    {
        var line = Encoding.Latin1.GetString(await reader.ReadUntilAsync("\r\n"u8.ToArray()));
        Xunit.Assert.Equal(type, line[0]);
        return int.Parse(line[1..^2]);
    }
}
