using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Transports
{
    [Scenario]
    public static async Coroutine WhatIsWrittenComesInOrder(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        for (var number = 0; number < 10; number++)
        {
            transport.Write(Bytes($"{number}"));
        }

        transport.WriteLines([Bytes("a"), Bytes(""), Bytes("b")]);
        transport.Write([]);
        transport.WriteLines([]);
        transport.Write("c"u8);
        trace(Show(await Receive(theirs, 13)));
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WritingWhenTheConnectionIsMade(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenMade = tape => tape.Transport.Write("welcome"u8) });
        trace(Show(await Receive(theirs, 7)));
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine PeerThatDoesNotReadPausesTheWriter(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        trace($"unsent {transport.GetWriteBufferSize()}");
        transport.Write(new byte[Big]);
        trace(tape.Line);
        trace($"unsent {transport.GetWriteBufferSize() > 0}");
        transport.Write(new byte[Big]);
        await Settle();
        trace(tape.Line);
        var data = await Receive(theirs, 2 * Big);
        await tape.WasTold("resume");
        trace($"{tape.Line}, {data.Length} bytes");
        await Until(() => transport.GetWriteBufferSize() == 0);
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WriterIsResumedWhenNoMoreThanTheLowMarkIsUnsent(Trace trace)
    {
        var sizes = new List<int>();
        var (transport, tape, theirs) = await Connect(new Told { WhenResumed = tape => sizes.Add(tape.Transport.GetWriteBufferSize()) });
        transport.SetWriteBufferLimits(high: 100_000, low: 50_000);
        transport.Write(new byte[Big]);
        await Receive(theirs, Big);
        await tape.WasTold("resume");
        trace($"{tape.Line}: {sizes[0] <= 50_000}");
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WaterMarks(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        trace($"low, high: {Show(transport.GetWriteBufferLimits())}");
        foreach (var (high, low) in ((int?, int?)[])[(null, 100), (1000, null), (50, 10), (0, 0), (0, null), (null, 0), (7, 7), (null, null)])
        {
            transport.SetWriteBufferLimits(high, low);
            trace($"low, high: {Show(transport.GetWriteBufferLimits())}");
        }

        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WaterMarksThatMakeNoSense(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.SetWriteBufferLimits(high: 1000, low: 100);
        foreach (var (high, low) in ((int?, int?)[])[(1, 2), (-1, null), (null, -1), (10, -1), (-5, -10)])
        {
            trace(ErrorOf(() => transport.SetWriteBufferLimits(high, low)));
        }

        trace($"low, high: {Show(transport.GetWriteBufferLimits())}");
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine LoweredMarkPausesAtOnce(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.SetWriteBufferLimits(high: 100_000_000);
        transport.Write(new byte[Big]);
        await Settle();
        trace(tape.Line);
        transport.SetWriteBufferLimits(high: 0);
        trace(tape.Line);
        transport.SetWriteBufferLimits(high: 0);
        trace(tape.Line);
        await Receive(theirs, Big);
        await tape.WasTold("resume");
        trace(tape.Line);
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine RaisedMarkResumesNothingByItself(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        await Settle();
        transport.SetWriteBufferLimits(high: 100_000_000);
        trace(tape.Line);
        await Receive(theirs, Big);
        await tape.WasTold("resume");
        trace(tape.Line);
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WhoWritesOnWhenResumedIsPausedAgain(Trace trace)
    {
        static void Resumed(Told tape)
        {
            if (tape.Events.Count == 3)
            {
                tape.Transport.Write(new byte[Big]);
            }
        }

        var (transport, tape, theirs) = await Connect(new Told { WhenResumed = Resumed });
        transport.Write(new byte[Big]);
        await Receive(theirs, 2 * Big);
        await Until(() => tape.Events[^1] == "resume" && transport.GetWriteBufferSize() == 0);
        trace(tape.Line);
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingPauseAndResumeAreReported(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenPaused = Told.Fail, WhenResumed = Told.Fail });
        transport.Write(new byte[Big]);
        await Receive(theirs, Big);
        await tape.WasTold("resume");
        transport.Write("on"u8);
        trace(Show(await Receive(theirs, 2)));
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine LinesPauseTheWriter(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.WriteLines([new byte[Big], Bytes("end")]);
        trace(tape.Line);
        await Receive(theirs, Big + 3);
        await Until(() => transport.GetWriteBufferSize() == 0);
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WritingEndsAndReadingGoesOn(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        trace($"can {transport.CanWriteEof}");
        transport.Write("ab"u8);
        transport.WriteEof();
        transport.WriteEof();
        trace($"closing {transport.IsClosing}");
        trace($"peer: {Show(await Receive(theirs, 100))}");
        theirs.Send("answer");
        theirs.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario]
    public static async Coroutine WriteAfterTheEndOfWritingIsRefused(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.WriteEof();
        trace(ErrorOf(() => transport.Write("x"u8)));
        trace(ErrorOf(() => transport.Write([])));
        trace(ErrorOf(() => transport.WriteLines([Bytes("x")])));
        transport.Close();
        trace(ErrorOf(() => transport.Write("x"u8)));
        await tape.Gone();
        trace(ErrorOf(() => transport.Write("x"u8)));
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine EndOfWritingComesAfterWhatWasWritten(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.WriteEof();
        trace(ErrorOf(() => transport.Write("x"u8)));
        trace($"peer: {(await Receive(theirs, Big + 1)).Length} bytes");
        trace($"{tape.Line}, closing {transport.IsClosing}");
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CloseAfterTheEndOfWriting(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.WriteEof();
        transport.Close();
        trace($"peer: {(await ReceiveAll(theirs)).Length} bytes");
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine EndOfWritingAfterCloseDoesNothing(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Close();
        trace(ErrorOf(transport.WriteEof));
        await tape.Gone();
        trace(ErrorOf(transport.WriteEof));
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine BothEndsEndWriting(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenEof = Told.KeepOpen });
        transport.WriteEof();
        theirs.Shutdown(SocketShutdown.Send);
        await tape.WasTold("eof");
        await Settle();
        trace($"{tape.Line}, closing {transport.IsClosing}");
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }
}
