using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>What every transport promises its protocol, over TLS: also to one that acts inside its callbacks.</summary>
public class TlsTransportTests
{
    private const int RecordBytes = 16 * 1024;

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Nothing_is_told_while_reading_is_paused(ReactorKind kind) => Stage.Run(kind, () => With(new Tape(), async (tape, peer) =>
    {
        var transport = tape.Transport;
        peer.Writer.Write(new byte[RecordBytes]);
        await Stage.Until(() => tape.Received == RecordBytes);
        transport.PauseReading();
        Assert.False(transport.IsReading);
        peer.Writer.Write("more"u8);
        await Aio.Sleep(0.05);
        Assert.Equal(RecordBytes, tape.Received);
        transport.ResumeReading();
        await Stage.Until(() => tape.Received == RecordBytes + 4);

        peer.Writer.Write(new byte[RecordBytes]);
        await Stage.Until(() => tape.Received == (2 * RecordBytes) + 4);
        transport.PauseReading();
        peer.Writer.Close();
        await Aio.Sleep(0.05);
        Assert.Equal("made data", tape.Line);
        transport.ResumeReading();
        await tape.Lost();
        Assert.Equal("made data eof lost", tape.Line);
    }));

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Pausing_and_closing_hold_at_once_also_with_a_small_buffer(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var pausing = new SmallBuffer { WhenUpdated = static transport => transport.PauseReading() };
        await With(pausing, async (protocol, peer) =>
        {
            peer.Writer.Write("abcdefgh"u8);
            await Stage.Until(() => protocol.Text != "");
            await Aio.Sleep(0.05);
            Assert.Equal("abc", protocol.Text);
            protocol.Transport.ResumeReading();
            await Stage.Until(() => protocol.Text.Length > 3);
            Assert.Equal("abcdef", protocol.Text);
            protocol.Transport.ResumeReading();
            await Stage.Until(() => protocol.Text.Length > 6);
            Assert.Equal("abcdefgh", protocol.Text);
        });

        var closing = new SmallBuffer { WhenUpdated = static transport => transport.Close() };
        await With(closing, async (protocol, peer) =>
        {
            peer.Writer.Write("abcdefgh"u8);
            await Stage.Until(() => protocol.IsLost);
            Assert.Equal("abc", protocol.Text);
        });
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void The_next_event_goes_to_the_next_protocol(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var second = new Tape();
        var first = new SmallBuffer { WhenUpdated = transport => transport.SetProtocol(second) };
        await With(first, async (protocol, peer) =>
        {
            second.ConnectionMade(protocol.Transport);
            peer.Writer.Write("abcdefgh"u8);
            await Stage.Until(() => second.Text.Length == 5);
            Assert.Equal("abc", protocol.Text);
            Assert.Equal("defgh", second.Text);
        });
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_is_paused_may_write_and_close_there(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await With(new Reacting { WhenPaused = static transport => transport.Write("!"u8) }, async (protocol, peer) =>
        {
            protocol.Transport.Write(new byte[3_000_000]);
            await peer.Reader.ReadExactlyAsync(3_000_000);
            Assert.Equal((byte)'!', (await peer.Reader.ReadExactlyAsync(1))[0]);
        });

        await With(new Reacting { WhenPaused = static transport => transport.Close() }, async (protocol, peer) =>
        {
            protocol.Transport.Write(new byte[3_000_000]);
            Assert.Equal(3_000_000, (await peer.Reader.ReadAsync()).Length);
            await protocol.Lost();
            Assert.Null(protocol.Error);
        });
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Resuming_is_told_outside_of_the_poll(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var value = new AsyncLocal<string> { Value = "connecting" };
        var seen = new List<string?>();
        await With(new Reacting { WhenResumed = _ => seen.Add($"{value.Value} {InPoll()}") }, async (protocol, peer) =>
        {
            value.Value = "another";
            protocol.Transport.Write(new byte[3_000_000]);
            await peer.Reader.ReadExactlyAsync(3_000_000);
            await Stage.Until(() => seen.Count > 0);
            Assert.All(seen, static each => Assert.Equal("connecting False", each));
        });

        static bool InPoll() => Environment.StackTrace.Contains("Asyncio.EventLoop.Poll", StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Other_threads_are_turned_away(ReactorKind kind) => Stage.Run(kind, () => With(new Tape(), async (tape, _) =>
    {
        var transport = tape.Transport;
        var calls = new Action[]
        {
            transport.PauseReading,
            transport.ResumeReading,
            transport.Abort,
            transport.Close,
            () => transport.SetProtocol(tape),
            () => transport.SetWriteBufferLimits(0),
        };
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await Aio.ToThread(call));
            Assert.True(transport.IsReading);
        }
    }));

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Closing_may_take_for_ever(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        await using var server = await Aio.StartServer(StreamConnectionTests.Echo, "127.0.0.1", 0, ssl: Certificates.ServerOptions);
        var (_, writer) = await Aio.OpenConnection(
            "localhost",
            StreamConnectionTests.Port(server),
            Certificates.ClientOptions,
            sslHandshakeTimeout: Timeout.InfiniteTimeSpan,
            sslShutdownTimeout: Timeout.InfiniteTimeSpan,
            family: System.Net.Sockets.AddressFamily.InterNetwork);
        await writer.CloseAsync();
    });

    /// <summary>Gives a protocol a connection over TLS, with streams at its other end.</summary>
    private static async Coroutine With<TProtocol>(TProtocol protocol, Func<TProtocol, (AsyncStreamReader Reader, AsyncStreamWriter Writer), Coroutine> test)
        where TProtocol : BaseProtocol
    {
        var loop = Aio.GetRunningLoop();
        var connected = loop.CreateFuture<(AsyncStreamReader, AsyncStreamWriter)>();
        await using var server = await Aio.StartServer(Accept, "127.0.0.1", 0);
        var (raw, _) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", StreamConnectionTests.Port(server));
        var transport = await loop.StartTls(raw, protocol, Certificates.ClientOptions, serverHostname: "localhost");
        protocol.ConnectionMade(transport);
        var peer = await connected;
        try
        {
            await test(protocol, peer);
        }
        finally
        {
            transport.Abort();
            peer.Item2.Transport.Abort();
        }

        async Coroutine Accept(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            await writer.StartTlsAsync(Certificates.ServerOptions);
            connected.SetResult((reader, writer));
        }
    }

    /// <summary>Acts when it is paused or resumed for the first time.</summary>
    private sealed class Reacting : Tape
    {
        public Action<Transport>? WhenPaused { get; init; }

        public Action<Transport>? WhenResumed { get; init; }

        public override void PauseWriting()
        {
            var isFirst = !Events.Contains("pause");
            base.PauseWriting();
            if (isFirst)
            {
                WhenPaused?.Invoke(Transport);
            }
        }

        public override void ResumeWriting()
        {
            base.ResumeWriting();
            WhenResumed?.Invoke(Transport);
        }
    }

    private sealed class SmallBuffer : BufferedProtocol
    {
        private readonly byte[] _buffer = new byte[3];

        public Transport Transport { get; private set; } = null!;

        public string Text { get; private set; } = "";

        public bool IsLost { get; private set; }

        public required Action<Transport> WhenUpdated { get; init; }

        public override void ConnectionMade(BaseTransport transport) => Transport = (Transport)transport;

        public override Memory<byte> GetBuffer(int sizeHint) => _buffer;

        public override void BufferUpdated(int count)
        {
            Text += System.Text.Encoding.ASCII.GetString(_buffer, 0, count);
            WhenUpdated(Transport);
        }

        public override void ConnectionLost(Exception? error) => IsLost = true;
    }
}
