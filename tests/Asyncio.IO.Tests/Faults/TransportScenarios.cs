using System.Globalization;
using System.Net;
using System.Text;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Servers;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Faults.Scenario;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Programs on transports and protocols.</summary>
internal static class TransportScenarios
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 0);

    /// <summary>A client and a server of callbacks: each protocol is told of its connection once, of the loss once, and of nothing before or after.</summary>
    public static async Coroutine Protocols()
    {
        var loop = Aio.GetRunningLoop();
        var text = string.Concat(Enumerable.Range(0, 8_000));
        var tapes = new List<Tape>();
        var server = await loop.CreateServer(ServerTests.Echo(tapes), "127.0.0.1", 0);
        var client = new Tape();
        try
        {
            var (transport, _) = await loop.CreateConnection(() => Kept(client), "127.0.0.1", Stage.PortOf(server));
            transport.Write(Encoding.ASCII.GetBytes(text));
            transport.WriteEof();
            await client.Lost();
            if (client.Error is { } error)
            {
                throw error;
            }

            AssertWhole(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(client.Text));
        }
        finally
        {
            await server.CloseAsync(0);
            foreach (var tape in tapes)
            {
                await Aio.Yield(); // the transport of a client who was cancelled early has its turns now
                (tape.Transport as Transport)?.Abort();
                await tape.Lost();
                Assert.StartsWith(tape.Text, text);
                Assert.Equal("made", tape.Events[0]);
                Assert.StartsWith("lost", tape.Events[^1]);
                Assert.Single(tape.Events, "made");
                Assert.Single(tape.Events, each => each.StartsWith("lost", StringComparison.Ordinal));
            }
        }

        Tape Kept(Tape tape)
        {
            tapes.Add(tape);
            return tape;
        }
    }

    /// <summary>Questions and answers in datagrams; whoever is told of an error asks again.</summary>
    public static async Coroutine Datagrams()
    {
        var loop = Aio.GetRunningLoop();
        var news = new AsyncQueue<string>();
        var (server, _) = await loop.CreateDatagramEndpoint(() => new Answering(news), Here);
        try
        {
            var (client, _) = await loop.CreateDatagramEndpoint(() => new Asking(news), remoteAddress: server.GetExtraInfo<IPEndPoint>("sockname"));
            try
            {
                for (var i = 0; i < 5; i++)
                {
                    var question = i.ToString(CultureInfo.InvariantCulture);
                    client.SendTo(Encoding.ASCII.GetBytes(question));
                    while (await news.GetAsync() is var answer && answer != $"re {question}")
                    {
                        client.SendTo(Encoding.ASCII.GetBytes(question));
                    }
                }
            }
            finally
            {
                client.Close();
            }
        }
        finally
        {
            server.Close();
        }
    }

    /// <summary>More than a pipe holds goes through it.</summary>
    public static async Coroutine Pipes()
    {
        var loop = Aio.GetRunningLoop();
        var data = Data(150_000);
        var (reading, writing) = Descriptors.OpenPipe();
        using var first = reading;
        using var second = writing;
        var reader = new AsyncStreamReader();
        var (from, _) = await loop.ConnectReadPipe(() => new StreamReaderProtocol(reader), reading);
        try
        {
            var (to, told) = await loop.ConnectWritePipe(() => new Tape(), writing);
            try
            {
                to.Write(data);
                to.WriteEof();
                var received = await reader.ReadAsync();
                AssertWhole(data, received);
                await told.Lost();
                Assert.Null(told.Error);
            }
            finally
            {
                to.Abort();
                await told.Lost();
            }
        }
        finally
        {
            from.Abort();
            await Aio.Yield(); // its end is told, and its handle closed, in the next turn
        }
    }

    /// <summary>The first address refuses, the second one answers.</summary>
    public static async Coroutine Race()
    {
        var loop = Aio.GetRunningLoop();
        await using var server = await loop.CreateServer(() => new Tape { WhenMade = made => made.Write("hello"u8) }, "127.0.0.1", 0);
        var race = new ConnectionRace(loop, [new IPEndPoint(IPAddress.Loopback, 1), (IPEndPoint)server.Sockets[0].LocalEndPoint!], null);
        var socket = await race.Run(0.5) ?? throw race.Errors[^1];
        var (reader, writer) = await Aio.OpenConnection(socket);
        await using var _ = writer;
        Assert.Equal("hello"u8.ToArray(), await reader.ReadExactlyAsync(5));
    }

    private sealed class Answering(AsyncQueue<string> news) : DatagramProtocol
    {
        private DatagramTransport? _transport;

        public override void ConnectionMade(BaseTransport transport) => _transport = (DatagramTransport)transport;

        public override void DatagramReceived(ReadOnlySpan<byte> data, EndPoint address) => _transport!.SendTo([.. "re "u8, .. data], address);

        public override void ErrorReceived(Exception error) => news.TryPut("an answer is lost");
    }

    private sealed class Asking(AsyncQueue<string> news) : DatagramProtocol
    {
        public override void DatagramReceived(ReadOnlySpan<byte> data, EndPoint address) => news.TryPut(Encoding.ASCII.GetString(data));

        public override void ErrorReceived(Exception error) => news.TryPut("a question is lost");
    }
}
