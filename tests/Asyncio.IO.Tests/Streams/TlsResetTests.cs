using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A connection over TLS that is reset: what came before the reset is told before it.</summary>
public class TlsResetTests
{
    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void What_came_before_is_told_first(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var tape = new Tape();
        using var peer = await TlsPeer.Connect(tape);
        peer.Stream.Write(new byte[50_000]); // all of it before the loop looks again
        peer.Reset();
        await tape.Lost();
        Assert.Equal(50_000, tape.Received);
        Assert.Equal("made data lost:SocketException", tape.Line);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_has_paused_is_told_when_he_resumes(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var tape = new Tape { WhenData = tape => tape.Transport.PauseReading() };
        using var peer = await TlsPeer.Connect(tape);
        peer.Stream.Write("first"u8);
        await Stage.Until(() => tape.Text == "first");
        peer.Stream.Write(new byte[40_000]);
        peer.Reset();
        await Stage.Until(() => peer.Transport.IsClosing);
        await Aio.Sleep(0.01);
        Assert.Equal("made data", tape.Line);
        Assert.Equal("first", tape.Text);
        for (var before = tape.Received; before < 40_005; before = tape.Received)
        {
            peer.Transport.ResumeReading();
            await Stage.Until(() => tape.Received > before);
            await Aio.Sleep(0.01);
            Assert.Equal("made data", tape.Line); // paused again
        }

        peer.Transport.ResumeReading();
        await tape.Lost();
        Assert.Equal("made data lost:SocketException", tape.Line);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_has_paused_and_does_not_want_it_is_told_of_the_loss(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        foreach (var act in new Action<Transport>[]
        {
            static transport => transport.Close(),
            static transport => transport.Abort(),
            static transport => transport.Write("nobody is there"u8),
        })
        {
            var tape = new Tape { WhenData = tape => tape.Transport.PauseReading() };
            using var peer = await TlsPeer.Connect(tape);
            peer.Stream.Write("first"u8);
            await Stage.Until(() => tape.Text == "first");
            peer.Stream.Write("second"u8);
            peer.Reset();
            await Stage.Until(() => peer.Transport.IsClosing);
            act(peer.Transport);
            Assert.Equal("made data", tape.Line);
            await tape.Lost();
            Assert.Equal("first", tape.Text);
        }
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_record_that_was_cut_is_dropped(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var tape = new Tape();
        using var peer = await TlsPeer.Connect(tape);
        peer.Stream.Write("whole"u8);
        peer.Socket.Send([23, 3, 3, 1, 0, 1, 2, 3]); // the beginning of a record
        peer.Reset();
        await tape.Lost();
        Assert.Equal("whole", tape.Text);
        Assert.Equal("made data lost:SocketException", tape.Line);
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void A_paused_reader_gets_all_its_lines(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var reader = new AsyncStreamReader(limit: 50);
        using var peer = await TlsPeer.Connect(new StreamReaderProtocol(reader));
        for (var i = 0; i < 100; i++)
        {
            peer.Stream.Write("a line of 20 bytes.\n"u8);
        }

        await Stage.Until(() => reader.Buffered > 100); // it is paused now
        peer.Reset();
        await Stage.Until(() => peer.Transport.IsClosing);
        for (var i = 0; i < 90; i++)
        {
            Assert.Equal("a line of 20 bytes.", await reader.ReadTextLineAsync());
        }

        await Stage.Throws<System.Net.Sockets.SocketException>(async () => await reader.ReadAsync());
    });

    [Theory, MemberData(nameof(Stage.Kinds), MemberType = typeof(Stage))]
    public void Who_writes_need_not_read_to_be_told(ReactorKind kind) => Stage.Run(kind, async () =>
    {
        var reader = new AsyncStreamReader(limit: 50);
        var protocol = new StreamReaderProtocol(reader);
        using var peer = await TlsPeer.Connect(protocol);
        var writer = new AsyncStreamWriter(peer.Transport, protocol, reader);
        peer.Stream.Write(new byte[1000]);
        await Stage.Until(() => reader.Buffered > 100); // it is paused now, and stays so
        writer.Write(new byte[20_000_000]);
        var draining = Aio.CreateTask(writer.DrainAsync());
        await Stage.Spin();
        Assert.False(draining.IsCompleted);
        peer.Reset();
        await Stage.Throws<System.Net.Sockets.SocketException>(async () =>
        {
            await draining;
            while (true)
            {
                writer.Write("x"u8);
                await writer.DrainAsync();
            }
        });
        writer.Close();
    });
}
