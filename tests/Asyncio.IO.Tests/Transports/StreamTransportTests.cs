using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>What a protocol is told, and in which order.</summary>
public class StreamTransportTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void What_came_before_a_reset_is_told_first(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (_, tape) = await loop.CreateConnection(() => new Tape(), ours);
        theirs.Send(new byte[50_000]); // all of it before the loop looks again
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        await tape.Lost();
        Assert.Equal(50_000, tape.Received);
        Assert.Equal("made data lost:SocketException", tape.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Calls_come_in_order(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        theirs.Send("hello"u8);
        theirs.Shutdown(SocketShutdown.Send);
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        Assert.StartsWith("made", tape.Line);
        await tape.Lost();
        Assert.Equal("made data eof lost", tape.Line);
        Assert.Equal("hello", tape.Text);
        Assert.True(transport.IsClosing);
        Assert.Equal(0, theirs.Receive(new byte[1]));
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_half_closed_connection_can_be_written_to(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape { KeepsOpenAtEof = true }, ours);
        theirs.Shutdown(SocketShutdown.Send);
        await Stage.Until(() => tape.Line == "made eof");
        transport.Write("late"u8);
        transport.Close();
        await tape.Lost();
        Assert.Equal("made eof lost", tape.Line);
        var buffer = new byte[10];
        Assert.Equal(4, theirs.Receive(buffer));
        Assert.Equal(0, theirs.Receive(buffer));
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_reset_is_a_loss_with_an_error(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (_, tape) = await loop.CreateConnection(() => new Tape(), ours);
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        await tape.Lost();
        Assert.Equal("made lost:SocketException", tape.Line);
        Assert.Equal(SocketError.ConnectionReset, ((SocketException)tape.Error!).SocketErrorCode);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Write_eof_comes_after_what_was_written(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        transport.Write(new byte[500_000]);
        transport.WriteEof();
        transport.WriteEof();
        Assert.Throws<InvalidOperationException>(() => transport.Write("more"u8));
        var received = await loop.RunInExecutor(null, () => ReadToEnd(theirs));
        Assert.Equal(500_000, received);
        Assert.False(transport.IsClosing);
        theirs.Send("answer"u8);
        theirs.Dispose();
        await tape.Lost();
        Assert.Equal("answer", tape.Text);
        Assert.Equal("made pause resume data eof lost", tape.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Close_sends_what_was_written_and_abort_does_not(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        transport.Write(new byte[8_000_000]);
        transport.Close();
        transport.Close();
        transport.Write("still sent"u8); // as with asyncio: the buffer was not empty at Close
        Assert.Equal(8_000_010, await loop.RunInExecutor(null, () => ReadToEnd(theirs)));
        await tape.Lost();
        Assert.Null(tape.Error);
        theirs.Dispose();

        (ours, theirs) = Stage.Pair();
        (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        transport.Write(new byte[30_000_000]);
        await Aio.Sleep(0);
        transport.Abort();
        transport.Abort();
        Assert.Equal(0, transport.GetWriteBufferSize());
        await tape.Lost();
        Assert.Equal("made pause lost", tape.Line);
        Assert.True(await loop.RunInExecutor(null, () => ReadToEnd(theirs)) < 30_000_000);
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Writes_after_the_end_go_nowhere(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        using var closed = theirs;
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        transport.Close();
        for (var i = 0; i < 4; i++)
        {
            transport.Write("lost"u8);
        }

        await tape.Lost();
        transport.Abort();
        transport.Close();
        transport.PauseReading();
        transport.ResumeReading();
        await Aio.Sleep(0.01);
        Assert.Equal("made lost", tape.Line);
        Assert.Equal(0, transport.GetWriteBufferSize());
        Assert.Equal(0, theirs.Receive(new byte[10]));
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Nothing_is_told_while_reading_is_paused(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape { WhenMade = made => made.PauseReading() }, ours);
        Assert.False(transport.IsReading);
        theirs.Send("one"u8);
        await Aio.Sleep(0.05);
        Assert.Equal("made", tape.Line);
        transport.ResumeReading();
        transport.ResumeReading();
        await Stage.Until(() => tape.Text == "one");

        transport.PauseReading();
        transport.PauseReading();
        theirs.Send("two"u8);
        theirs.Dispose();
        await Aio.Sleep(0.05);
        Assert.Equal("one", tape.Text);
        transport.ResumeReading();
        await tape.Lost();
        Assert.Equal("onetwo", tape.Text);
        Assert.Equal("made data eof lost", tape.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Pausing_and_closing_in_a_callback_hold_at_once(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        theirs.Send("x"u8);
        var (transport, tape) = await loop.CreateConnection(() => new Tape { WhenData = tape => tape.Transport.PauseReading() }, ours);
        await Stage.Until(() => tape.Received == 1);
        theirs.Send(new byte[1000]);
        theirs.Dispose();
        await Aio.Sleep(0.05);
        Assert.Equal(1, tape.Received);
        transport.Abort();
        await tape.Lost();
        Assert.Equal("made data lost", tape.Line);

        (ours, theirs) = Stage.Pair();
        theirs.Send(new byte[200_000]);
        (_, tape) = await loop.CreateConnection(() => new Tape { WhenData = tape => tape.Transport.Close() }, ours);
        await tape.Lost();
        Assert.Equal("made data lost", tape.Line);
        Assert.True(tape.Received < 200_000);
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_peer_that_never_reads_pauses_the_writer(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        var written = 0L;
        while (true)
        {
            transport.Write(new byte[40_000]);
            written += 40_000;
            await Aio.Sleep(tape.Events[^1] == "pause" ? 0.2 : 0);
            if (tape.Events[^1] == "pause" && transport.GetWriteBufferSize() > 64 * 1024)
            {
                break; // it stays so: the system has taken what it takes
            }
        }

        Assert.InRange(transport.GetWriteBufferSize(), 64 * 1024, 200_000);
        transport.Close();
        Assert.Equal(written, await loop.RunInExecutor(null, () => ReadToEnd(theirs)));
        await tape.Lost();
        Assert.EndsWith("pause resume lost", tape.Line);
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Limits_are_checked_and_hold_at_once(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        Assert.Equal((16 * 1024, 64 * 1024), transport.GetWriteBufferLimits());
        transport.SetWriteBufferLimits(low: 100);
        Assert.Equal((100, 400), transport.GetWriteBufferLimits());
        transport.SetWriteBufferLimits(high: 1000);
        Assert.Equal((250, 1000), transport.GetWriteBufferLimits());
        Assert.Throws<ArgumentOutOfRangeException>(() => transport.SetWriteBufferLimits(high: 1, low: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => transport.SetWriteBufferLimits(low: -1));

        transport.Write(new byte[900]);
        Assert.Equal("made", tape.Line);
        transport.SetWriteBufferLimits(high: 0);
        Assert.Equal("made pause", tape.Line);
        await Stage.Until(() => tape.Line == "made pause resume");
        transport.Close();
        await tape.Lost();
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_protocol_that_throws_ends_the_connection_and_is_reported(ReactorKind kind)
    {
        var reports = Stage.RunReporting(kind, async loop =>
        {
            var (ours, theirs) = Stage.Pair();
            var (_, tape) = await loop.CreateConnection(() => new Tape { WhenData = _ => throw new FormatException("bad") }, ours);
            theirs.Send("x"u8);
            await tape.Lost();
            Assert.Equal("made data lost:FormatException", tape.Line);
            theirs.Dispose();
        });
        var report = Assert.Single(reports);
        Assert.Equal("Fatal error: protocol.DataReceived() call failed.", report.Message);
        Assert.IsType<FormatException>(report.Exception);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_transport_knows_its_socket(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), ours);
        Assert.Same(ours, transport.GetExtraInfo("socket"));
        Assert.Equal(theirs.RemoteEndPoint, transport.GetExtraInfo<System.Net.EndPoint>("sockname"));
        Assert.Null(transport.GetExtraInfo("no such thing"));
        Assert.Equal(5, transport.GetExtraInfo("no such thing", 5));
        Assert.True(ours.NoDelay);
        transport.Close();
        await tape.Lost();
        Assert.Equal(theirs.LocalEndPoint, transport.GetExtraInfo("peername"));
        theirs.Dispose();
    });

    private static long ReadToEnd(Socket socket)
    {
        var buffer = new byte[100_000];
        var sum = 0L;
        try
        {
            while (socket.Receive(buffer) is > 0 and var count)
            {
                sum += count;
            }
        }
        catch (SocketException)
        {
            // A reset ends it, too.
        }

        return sum;
    }
}
