using System.Text;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>TLS below protocols of the user's, and below itself.</summary>
public class TlsProtocolTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_protocol_goes_on_over_TLS(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        await using var server = await Aio.StartServer(SecureEcho, "127.0.0.1", 0);
        foreach (var buffered in new[] { false, true })
        {
            var log = new Log(loop);
            var (raw, protocol) = await loop.CreateConnection<BaseProtocol>(
                () => buffered ? new Buffering(log) : new Plain(log), "127.0.0.1", StreamConnectionTests.Port(server));
            var transport = await loop.StartTls(raw, protocol, Certificates.ClientOptions, serverHostname: "localhost");
            Assert.NotNull(transport.GetExtraInfo("sslobject"));
            transport.Write("hello "u8);
            transport.Write("protocol"u8);
            await Stage.Until(() => log.Text.Length == 14);
            transport.Close();
            await Stage.Until(() => log.IsLost);
            Assert.Equal("hello protocol", log.Text.ToString());
            Assert.Equal(1, log.Made);
            Assert.Null(log.Error);
            Assert.True(log.SawLoopContext);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void TLS_within_TLS(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(Handle, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (reader, writer) = await Aio.OpenConnection(
            "127.0.0.1", StreamConnectionTests.Port(server), Certificates.ClientOptions, serverHostname: "localhost");
        await writer.StartTlsAsync(Certificates.ClientOptions, serverHostname: "localhost");
        var data = new byte[200_000];
        new Random(1).NextBytes(data);
        var reading = Aio.CreateTask(reader.ReadExactlyAsync(data.Length));
        writer.Write(data);
        await writer.DrainAsync();
        Assert.Equal(data, await reading);
        await writer.CloseAsync();

        static async Coroutine Handle(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await writer.StartTlsAsync(Certificates.ServerOptions);
            await StreamConnectionTests.Echo(reader, writer);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_protocol_that_fails_ends_its_connection(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var loop = Aio.GetRunningLoop();
        await using var server = await Aio.StartServer(SecureEcho, "127.0.0.1", 0);
        var log = new Log(loop) { Fails = true };
        var (raw, protocol) = await loop.CreateConnection(() => new Plain(log), "127.0.0.1", StreamConnectionTests.Port(server));
        var transport = await loop.StartTls(raw, protocol, Certificates.ClientOptions, serverHostname: "localhost");
        transport.Write("x"u8);
        await Stage.Until(() => log.IsLost);
        Assert.IsType<InvalidDataException>(log.Error);
        Assert.StartsWith("Fatal error: protocol.DataReceived() call failed.", Assert.Single(Stage.Reports));
        Stage.Reports.Clear();
    });

    private static async Coroutine SecureEcho(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        try
        {
            await writer.StartTlsAsync(Certificates.ServerOptions);
            await StreamConnectionTests.Echo(reader, writer);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await writer.DisposeAsync(); // the client was aborted
        }
    }

    private sealed class Log(EventLoop loop)
    {
        public StringBuilder Text { get; } = new();

        public int Made { get; set; }

        public bool IsLost { get; set; }

        public bool Fails { get; init; }

        public bool SawLoopContext { get; private set; }

        public Exception? Error { get; set; }

        public void Add(ReadOnlySpan<byte> data)
        {
            SawLoopContext = ReferenceEquals(SynchronizationContext.Current, loop.SynchronizationContext);
            Text.Append(Encoding.ASCII.GetString(data));
            if (Fails)
            {
                throw new InvalidDataException();
            }
        }

        public void Lost(Exception? error)
        {
            IsLost = true;
            Error = error;
        }
    }

    private sealed class Plain(Log log) : Protocol
    {
        public override void ConnectionMade(BaseTransport transport) => log.Made++;

        public override void DataReceived(ReadOnlySpan<byte> data) => log.Add(data);

        public override void ConnectionLost(Exception? error) => log.Lost(error);
    }

    private sealed class Buffering(Log log) : BufferedProtocol
    {
        private readonly byte[] _buffer = new byte[3];

        public override void ConnectionMade(BaseTransport transport) => log.Made++;

        public override Memory<byte> GetBuffer(int sizeHint) => _buffer;

        public override void BufferUpdated(int count) => log.Add(_buffer.AsSpan(0, count));

        public override void ConnectionLost(Exception? error) => log.Lost(error);
    }
}
