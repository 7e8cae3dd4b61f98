using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Transports
{
    private static async Coroutine<(Transport Transport, Told Tape, Socket Theirs)> ConnectBuffered(int size, Told? told = null, Func<Memory<byte>>? give = null)
    {
        var (ours, theirs) = Pair();
        var (transport, tape) = await Aio.GetRunningLoop().CreateConnection(() => new BufferedTape(size, told ?? new Told(), give), ours);
        return (transport, tape.Told, theirs);
    }

    /// <summary>One that takes over a connection.</summary>
    private static Told Set() => new() { Events = { "set" } };

    [Scenario]
    public static async Coroutine AnotherProtocolTakesOver(Trace trace)
    {
        var (transport, first, theirs) = await Connect();
        theirs.Send("one");
        await first.Has(3);
        var second = Set();
        var protocol = new Tape(second);
        transport.SetProtocol(protocol);
        trace($"its protocol {transport.GetProtocol() == protocol}");
        theirs.Send("two");
        await second.Has(3);
        transport.Write(new byte[Big]);
        await Receive(theirs, Big);
        await second.WasTold("resume");
        transport.Close();
        await second.Gone();
        trace($"first {first.Line}: {first.Text}");
        trace($"second {second.Line}: {second.Text}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ProtocolHandsOverInItsCallback(Trace trace)
    {
        var second = Set();
        var (_, first, theirs) = await Connect(new Told { WhenData = tape => tape.Transport.SetProtocol(new Tape(second)) });
        theirs.Send("one");
        await first.Has(3);
        theirs.Send("two");
        theirs.Dispose();
        await second.Gone();
        trace($"first {first.Line}: {first.Text}");
        trace($"second {second.Line}: {second.Text}");
    }

    [Scenario]
    public static async Coroutine BufferedProtocolTakesOver(Trace trace)
    {
        var (transport, first, theirs) = await Connect();
        theirs.Send("one");
        await first.Has(3);
        var second = Set();
        transport.SetProtocol(new BufferedTape(100, second));
        theirs.Send("two");
        await second.Has(3);
        var third = Set();
        transport.SetProtocol(new Tape(third));
        theirs.Send("three");
        theirs.Dispose();
        await third.Gone();
        foreach (var tape in (Told[])[first, second, third])
        {
            trace($"{tape.Line}: {tape.Text}");
        }
    }

    [Scenario]
    public static async Coroutine BufferedProtocolIsFilled(Trace trace)
    {
        var (_, tape, theirs) = await ConnectBuffered(100);
        theirs.Send("hello");
        theirs.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario]
    public static async Coroutine BufferSmallerThanWhatCame(Trace trace)
    {
        var (ours, theirs) = Pair();
        theirs.Send("abcdefghij");
        var counts = new List<int>();
        var tape = new Told { WhenData = tape => counts.Add(tape.Count) };
        await Aio.GetRunningLoop().CreateConnection(() => new BufferedTape(3, tape), ours);
        await tape.Has(10);
        trace($"{tape.Text} as {Show(counts)}");
        theirs.Dispose();
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine BufferedProtocolPausesBetweenItsBuffers(Trace trace)
    {
        var (ours, theirs) = Pair();
        theirs.Send("abcdefg");
        var tape = new Told { WhenData = tape => tape.Transport.PauseReading() };
        var (transport, _) = await Aio.GetRunningLoop().CreateConnection(() => new BufferedTape(3, tape), ours);
        await tape.Has(1);
        theirs.Dispose();
        for (var i = 0; i < 3; i++)
        {
            await Settle();
            trace($"{tape.Line}: {tape.Text}");
            transport.ResumeReading();
        }

        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario]
    public static async Coroutine BufferedProtocolKeepsOpenAtTheEnd(Trace trace)
    {
        var (transport, tape, theirs) = await ConnectBuffered(100, new Told { WhenEof = Told.KeepOpen });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.WasTold("eof");
        await Settle();
        trace($"closing {transport.IsClosing}");
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingGetBufferIsFatal(Trace trace)
    {
        var (_, tape, theirs) = await ConnectBuffered(100, give: () => throw new DivideByZeroException());
        theirs.Send("x");
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine EmptyBufferIsFatal(Trace trace)
    {
        var (_, tape, theirs) = await ConnectBuffered(0);
        theirs.Send("x");
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingBufferUpdatedIsFatal(Trace trace)
    {
        var (_, tape, theirs) = await ConnectBuffered(100, new Told { WhenData = Told.Fail });
        theirs.Send("x");
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingDataReceivedIsFatal(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenData = Told.Fail });
        theirs.Send("x");
        await tape.Gone();
        trace(tape.Line);
        trace($"closing {transport.IsClosing}");
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingDataReceivedDropsWhatIsUnsent(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenData = Told.Fail });
        transport.Write(new byte[Big]);
        theirs.Send("x");
        await tape.Gone();
        trace(tape.Line);
        trace($"unsent {transport.GetWriteBufferSize()}");
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingEofReceivedIsFatal(Trace trace)
    {
        var (_, tape, theirs) = await Connect(new Told { WhenEof = Told.FailAtEof });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingEofReceivedOfABufferedProtocolIsFatal(Trace trace)
    {
        var (_, tape, theirs) = await ConnectBuffered(100, new Told { WhenEof = Told.FailAtEof });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionMadeIsReportedAndTheConnectionLives(Trace trace)
    {
        var (_, tape, theirs) = await Connect(new Told { WhenMade = Told.Fail });
        theirs.Send("x");
        theirs.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionLostIsReportedAndTheSocketClosed(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenLost = Told.Fail });
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }
}
