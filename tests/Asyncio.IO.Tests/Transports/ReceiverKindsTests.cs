using System.Text;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>Protocols that receive otherwise than by <see cref="Protocol.DataReceived"/>.</summary>
public class ReceiverKindsTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_buffered_protocol_gives_its_own_buffer(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (_, protocol) = await loop.CreateConnection(() => new Buffered(7), ours);
        theirs.Send("the quick brown fox jumps over the lazy dog"u8);
        theirs.Dispose();
        await protocol.Lost;
        Assert.Equal("the quick brown fox jumps over the lazy dog", protocol.Text.ToString());
        Assert.True(protocol.AtEof);
        Assert.Null(protocol.Error);
    });

    /// <summary>Its buffer takes a byte at a time: what has come is neither copied for each of them, nor lost or doubled when it pauses or is replaced.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_smallest_buffer_is_a_buffer(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var content = new byte[200_000];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = (byte)('a' + (i % 23));
        }

        var (transport, protocol) = await loop.CreateConnection(() => new Buffered(1), ours);
        var rest = new Tape();
        rest.Events.Add("made");
        protocol.WhenUpdated = length =>
        {
            if (length == 150_000)
            {
                transport.SetProtocol(rest);
            }
            else if (length % 1000 == 0)
            {
                transport.PauseReading();
                loop.CallSoon(transport.ResumeReading);
            }
        };
        var sending = Aio.CreateTask(loop.SockSendall(theirs, content));
        await Stage.Until(() => rest.Received == 50_000);
        await sending;
        Assert.Equal(150_000, protocol.Text.Length);
        Assert.Equal(Encoding.ASCII.GetString(content), protocol.Text + rest.Text);
        theirs.Dispose();
        await rest.Lost();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_empty_buffer_is_fatal(ReactorKind kind)
    {
        var reports = Stage.RunReporting(kind, async loop =>
        {
            var (ours, theirs) = Stage.Pair();
            var (_, protocol) = await loop.CreateConnection(() => new Buffered(0), ours);
            theirs.Send("x"u8);
            await protocol.Lost;
            Assert.IsType<InvalidOperationException>(protocol.Error);
            theirs.Dispose();
        });
        Assert.Equal("Fatal error: protocol.GetBuffer() call failed.", Assert.Single(reports).Message);
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_sink_is_told_in_the_iteration_in_which_it_comes(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        theirs.Send("early"u8);
        var (transport, sink) = await loop.CreateConnection(() => new Sink(), ours);
        await Stage.Until(() => sink.Text.Length == 5);
        Assert.Equal("made received", sink.Events);
        transport.PauseReading();
        theirs.Send("late"u8);
        await Aio.Sleep(0.02);
        Assert.Equal("early", sink.Text);
        transport.ResumeReading();
        await Stage.Until(() => sink.Text == "earlylate");
        theirs.Dispose();
        await sink.Lost;
        Assert.Equal("made received received eof lost", sink.Events);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_protocol_can_be_exchanged_at_any_time(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var sink = new Sink();
        var (transport, tape) = await loop.CreateConnection(
            () => new Tape
            {
                WhenData = tape =>
                {
                    tape.Transport.PauseReading();
                    tape.Transport.SetProtocol(sink);
                },
            },
            ours);
        theirs.Send("one"u8);
        await Stage.Until(() => tape.Received > 0);
        theirs.Send("two"u8);
        Assert.Same(sink, transport.GetProtocol());
        await Aio.Sleep(0.02);
        transport.ResumeReading();
        await Stage.Until(() => tape.Text + sink.Text == "onetwo");
        transport.Close();
        await sink.Lost;
        Assert.Equal("made data", tape.Line);
        Assert.Equal("received lost", sink.Events);
        theirs.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Single_bytes_come_one_after_the_other(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (_, tape) = await loop.CreateConnection(() => new Tape(), ours);
        for (var i = 0; i < 50; i++)
        {
            theirs.Send([(byte)('a' + (i % 26))]);
            await Stage.Until(() => tape.Received == i + 1);
        }

        theirs.Dispose();
        await tape.Lost();
        Assert.Equal("made data eof lost", tape.Line);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Writing_allocates_nothing_in_the_long_run(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (sending, _) = await loop.CreateConnection(() => new Sink { Counts = true }, ours);
        var (_, counter) = await loop.CreateConnection(() => new Sink { Counts = true }, theirs);
        var data = new byte[5_000];
        var allowed = kind == ReactorKind.Portable ? 200_000 : 2_000; // .NET's own sockets allocate
        await Exchange(200);
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > allowed; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Exchange(200);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, allowed);
        sending.Close();
        await counter.Lost;

        async Coroutine Exchange(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                var wanted = counter.Count + (3 * data.Length);
                sending.Write(data);
                sending.Write(data);
                sending.Write(data);
                while (counter.Count < wanted)
                {
                    await Aio.Sleep(0);
                }
            }
        }
    });

    private sealed class Buffered(int size) : BufferedProtocol
    {
        private readonly byte[] _buffer = new byte[size];

        public Future<Unit> Lost { get; } = EventLoop.Running!.CreateFuture<Unit>();

        public StringBuilder Text { get; } = new();

        public bool AtEof { get; private set; }

        public Exception? Error { get; private set; }

        public override Memory<byte> GetBuffer(int sizeHint) => _buffer;

        public Action<int>? WhenUpdated { get; set; }

        public override void BufferUpdated(int count)
        {
            Text.Append(Encoding.ASCII.GetString(_buffer, 0, count));
            WhenUpdated?.Invoke(Text.Length);
        }

        public override bool EofReceived()
        {
            AtEof = true;
            return false;
        }

        public override void ConnectionLost(Exception? error)
        {
            Error = error;
            Lost.SetResult(default);
        }
    }

    private sealed class Sink : BaseProtocol, IStreamSink
    {
        public string Events { get; private set; } = "";

        public string Text { get; private set; } = "";

        public bool Counts { get; init; }

        public long Count { get; private set; }

        public Future<Unit> Lost { get; } = EventLoop.Running!.CreateFuture<Unit>();

        public void OnReceived(ReadOnlySpan<byte> data)
        {
            Count += data.Length;
            if (!Counts)
            {
                Add("received");
                Text += Encoding.ASCII.GetString(data);
            }
        }

        public bool OnEof()
        {
            Add("eof");
            return false;
        }

        public override void ConnectionMade(BaseTransport transport) => Add("made");

        public override void ConnectionLost(Exception? error)
        {
            Add("lost");
            Lost.SetResult(default);
        }

        private void Add(string text) => Events = Events.Length == 0 ? text : $"{Events} {text}";
    }
}
