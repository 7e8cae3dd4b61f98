using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Sockets;
using Asyncio.IO.Tests.Streams;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>Files that are sent over transports, plain and with TLS.</summary>
public class SendfileTransportTests
{
    private const int Large = 20_000_000;

    public static TheoryData<ReactorKind, bool> Ways
    {
        get
        {
            var ways = new TheoryData<ReactorKind, bool>();
            foreach (var kind in new[] { ReactorKind.IoUring, ReactorKind.Epoll, ReactorKind.Portable })
            {
                ways.Add(kind, false);
                ways.Add(kind, true);
            }

            return ways;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void It_stands_between_what_is_written_before_and_after(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, _, peer) =>
    {
        using var file = new ContentFile(1_500_001);
        using var stream = file.Open();
        using var memory = new MemoryStream(file.Content);
        var expected = new List<byte>();
        foreach (var each in new Stream[] { stream, memory })
        {
            var before = new byte[200_000];
            Random.Shared.NextBytes(before);
            transport.Write(before);
            Assert.Equal(1_500_001, await loop.Sendfile(transport, each));
            Assert.Equal(1_500_001, each.Position);
            Assert.Equal(100, await loop.Sendfile(transport, each, 1000, 100));
            Assert.Equal(1100, each.Position);
            transport.Write("after"u8);
            expected.AddRange([.. before, .. file.Content, .. file.Content[1000..1100], .. "after"u8]);
        }

        transport.Close();
        await peer.Lost();
        Assert.True(expected.SequenceEqual(peer.Content.ToArray()));
    });

    [Theory, MemberData(nameof(Ways))]
    public void Nothing_is_written_or_received_meanwhile(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, tape, peer) =>
    {
        using var file = new ContentFile(Large);
        using var stream = file.Open();
        peer.Transport.PauseReading();
        var sending = Aio.CreateTask(loop.Sendfile(transport, stream));
        await Aio.Sleep(0.05);
        Assert.False(sending.IsCompleted);
        Assert.Contains("sendfile is in progress", Assert.Throws<InvalidOperationException>(() => transport.Write("x"u8)).Message);
        Assert.Throws<InvalidOperationException>(() => transport.WriteLines([new byte[1]]));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await loop.Sendfile(transport, new MemoryStream(new byte[1])));
        Assert.False(transport.IsReading);
        peer.Transport.Write("to be read later"u8);
        await Aio.Sleep(0.05);
        Assert.Equal(0, tape.Received);
        peer.Transport.ResumeReading();
        Assert.Equal(Large, await sending);
        Assert.True(transport.IsReading);
        transport.Write("end"u8);
        await Stage.Until(() => tape.Received == 16 && peer.Received == Large + 3);

        // Paused by the user it stays so.
        transport.PauseReading();
        await loop.Sendfile(transport, new MemoryStream(new byte[1]));
        Assert.False(transport.IsReading);
        transport.Close();
        await peer.Lost();
    });

    [Theory, MemberData(nameof(Ways))]
    public void The_position_is_exact_after_every_cancellation(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, _, peer) =>
    {
        using var file = new ContentFile(8_000_000);
        using var stream = file.Open();
        var random = new Random(3);
        var cancelled = 0;
        while (stream.Position < file.Content.Length)
        {
            var task = Aio.CreateTask(loop.Sendfile(transport, stream, stream.Position));
            for (var turns = random.Next(6); turns > 0; turns--)
            {
                await Aio.Sleep(random.Next(3) == 0 ? 0.001 : 0);
            }

            task.Cancel();
            await Aio.Wait([task]);
            cancelled += task.IsCanceled ? 1 : 0;
            if (random.Next(4) == 0)
            {
                transport.Write(default); // not refused
            }
        }

        Assert.True(cancelled > 0);
        transport.Close();
        await peer.Lost();
        Assert.True(file.Content.AsSpan().SequenceEqual(peer.Content.ToArray()));
    });

    [Theory, MemberData(nameof(Ways))]
    public void Who_closes_meanwhile_closes_after_the_file(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, tape, peer) =>
    {
        using var file = new ContentFile(Large);
        using var stream = file.Open();
        peer.Transport.PauseReading();
        transport.Write("before"u8);
        var sending = Aio.CreateTask(loop.Sendfile(transport, stream));
        await Aio.Sleep(0.01);
        transport.Close();
        Assert.True(transport.IsClosing);
        await Aio.Sleep(0.01);
        Assert.Equal("made", tape.Line);
        peer.Transport.ResumeReading();
        Assert.Equal(Large, await sending);
        await tape.Lost();
        Assert.Null(tape.Error);
        await peer.Lost();
        Assert.Equal(Large + 6, peer.Received);
    });

    [Theory, MemberData(nameof(Ways))]
    public void Who_aborts_meanwhile_ends_it(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, tape, peer) =>
    {
        using var file = new ContentFile(Large);
        foreach (var drains in new[] { false, true })
        {
            using var stream = file.Open();
            peer.Transport.PauseReading();
            if (drains)
            {
                transport.Write(new byte[Large]);
            }

            var sending = Aio.CreateTask(loop.Sendfile(transport, stream));
            await Aio.Sleep(0.02);
            Assert.False(sending.IsCompleted);
            if (!drains)
            {
                sending.Cancel(); // and once more, over the same transport
                await Aio.Wait([sending]);
                continue;
            }

            transport.Abort();
            var error = await Assert.ThrowsAsync<SocketException>(async () => await sending);
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
            await tape.Lost();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await loop.Sendfile(transport, stream));
        }

        peer.Transport.Abort();
    });

    [Theory, MemberData(nameof(Ways))]
    public void A_peer_that_resets_ends_it(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, tape, peer) =>
    {
        using var file = new ContentFile(Large);
        using var stream = file.Open();
        peer.WhenData = each =>
        {
            each.Transport.GetExtraInfo<Socket>("socket")!.LingerState = new LingerOption(true, 0);
            each.Transport.Abort();
        };
        await Assert.ThrowsAsync<SocketException>(async () => await loop.Sendfile(transport, stream));
        Assert.InRange(stream.Position, 1, Large - 1);
        await tape.Lost();
        Assert.True(transport.IsClosing);
    });

    [Theory, MemberData(nameof(Ways))]
    public void Without_a_fallback_the_kernel_must_do_it(ReactorKind kind, bool tls) => Run(kind, tls, async (loop, transport, _, peer) =>
    {
        using var file = new ContentFile(1000);
        using var stream = file.Open();
        if (tls || kind == ReactorKind.Portable)
        {
            await Assert.ThrowsAsync<SendfileNotAvailableException>(async () => await loop.Sendfile(transport, stream, fallback: false));
            Assert.Equal(0, stream.Position);
        }
        else
        {
            Assert.Equal(1000, await loop.Sendfile(transport, stream, fallback: false));
        }

        transport.Write("end"u8);
        transport.Close();
        await peer.Lost();
        Assert.Equal(stream.Position + 3, peer.Received);
        Assert.Contains("is closing", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await loop.Sendfile(transport, stream))).Message);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_writing_side_ends_after_the_file(ReactorKind kind) => Run(kind, tls: false, async (loop, transport, tape, peer) =>
    {
        using var file = new ContentFile(Large);
        using var stream = file.Open();
        peer.Transport.PauseReading();
        var sending = Aio.CreateTask(loop.Sendfile(transport, stream));
        await Aio.Sleep(0.01);
        transport.WriteEof();
        peer.Transport.ResumeReading();
        Assert.Equal(Large, await sending);
        await tape.Lost(); // the peer answers the end with its own
        Assert.Equal(Large, peer.Received);
        Assert.Equal("made data eof lost", peer.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_pipe_takes_no_file(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        Assert.SkipWhen(kind == ReactorKind.Portable, "The portable reactor knows no pipes.");
        var (reading, writing) = Descriptors.OpenPipe();
        using var end = reading;
        var (transport, _) = await loop.ConnectWritePipe(() => new Tape(), writing);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await loop.Sendfile(transport, new MemoryStream(new byte[1])));
        transport.Close();
    });

    private static void Run(ReactorKind kind, bool tls, Func<EventLoop, Transport, Tape, Hearing, Coroutine> test) => Stage.Run(kind, async loop =>
    {
        var peer = new Hearing();
        var (ours, theirs) = Stage.Pair();
        var accepting = Aio.CreateTask(loop.ConnectAcceptedSocket(() => peer, theirs, tls ? Certificates.ServerOptions : null));
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours, tls ? Certificates.ClientOptions : null, tls ? "localhost" : null);
        await accepting;
        await test(loop, transport, tape, peer);
        transport.Abort();
        peer.Transport.Abort();
    });

    /// <summary>Keeps the bytes.</summary>
    private sealed class Hearing : Protocol
    {
        private readonly Tape _tape = new();

        public MemoryStream Content { get; } = new();

        public Transport Transport => _tape.Transport;

        public long Received => Content.Length;

        public string Line => _tape.Line;

        public Action<Hearing>? WhenData { get; set; }

        public Coroutine Lost() => _tape.Lost();

        public override void ConnectionMade(BaseTransport transport) => _tape.ConnectionMade(transport);

        public override void DataReceived(ReadOnlySpan<byte> data)
        {
            Content.Write(data);
            _tape.DataReceived(data[..0]);
            WhenData?.Invoke(this);
        }

        public override bool EofReceived() => _tape.EofReceived();

        public override void ConnectionLost(Exception? error) => _tape.ConnectionLost(error);
    }
}
