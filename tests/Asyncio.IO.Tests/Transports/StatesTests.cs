using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Transports;

/// <summary>Whatever is done to a transport in whatever order: its protocol is told in order, and everything is freed.</summary>
public class StatesTests
{
    private static readonly Action<Transport>[] Actions =
    [
        static transport => transport.Write(new byte[10]),
        static transport => transport.Write(new byte[3_000_000]),
        static transport => transport.WriteEof(),
        static transport => transport.Close(),
        static transport => transport.Abort(),
        static transport => transport.PauseReading(),
        static transport => transport.ResumeReading(),
        static transport => transport.SetWriteBufferLimits(high: 0),
    ];

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Any_order_of_calls_ends_in_order(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var random = new Random(11);
        var before = Stage.OpenSockets;
        for (var round = 0; round < 200; round++)
        {
            var (ours, theirs) = Stage.Pair();
            var (transport, tape) = await loop.CreateConnection(() => new Tape { KeepsOpenAtEof = random.Next(2) == 0 }, ours);
            var (other, peer) = await loop.CreateConnection(() => new Tape { KeepsOpenAtEof = true }, theirs);
            var steps = "";
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                var action = random.Next(Actions.Length + 2);
                steps += $" {action}";
                if (action < Actions.Length)
                {
                    Try(() => Actions[action](transport));
                }
                else if (action == Actions.Length)
                {
                    Try(() => Actions[random.Next(Actions.Length)](other));
                }
                else
                {
                    await Aio.Sleep(0);
                }
            }

            other.ResumeReading();
            other.Close();
            if (random.Next(2) == 0)
            {
                other.Abort();
            }

            transport.ResumeReading();
            await Aio.Sleep(0);
            transport.Abort();
            other.Abort();
            await tape.Lost();
            await peer.Lost();
            await Aio.Sleep(0);
            Check(tape, steps);
            Check(peer, steps);
        }

        await Stage.Until(() => Stage.OpenSockets <= before);
    });

    private static void Check(Tape tape, string steps)
    {
        var events = tape.Events;
        Assert.True(events[0] == "made" && events.Count(text => text == "made") == 1, $"{steps}: {tape.Line}");
        Assert.True(events[^1].StartsWith("lost", StringComparison.Ordinal), $"{steps}: {tape.Line}");
        Assert.True(events.Count(text => text.StartsWith("lost", StringComparison.Ordinal)) == 1, $"{steps}: {tape.Line}");
        Assert.True(events.Count(text => text == "eof") <= 1, $"{steps}: {tape.Line}");
        var flow = events.Where(text => text is "pause" or "resume").ToArray();
        for (var i = 0; i < flow.Length; i++)
        {
            Assert.True(flow[i] == (i % 2 == 0 ? "pause" : "resume"), $"{steps}: {tape.Line}");
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (InvalidOperationException)
        {
            // A write after the end of writing.
        }
    }
}
