using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Stream transports and their protocols: the order of the callbacks, flow control both ways, ends of all kinds, failing callbacks.</summary>
[Area("transports", OnEachReactor = true)]
internal static partial class Transports
{
    /// <summary>A transport with its protocol, and the peer.</summary>
    private static async Coroutine<(Transport Transport, Told Tape, Socket Theirs)> Connect(Told? told = null)
    {
        var (ours, theirs) = Pair();
        var (transport, tape) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(told ?? new Told()), ours);
        return (transport, tape.Told, theirs);
    }

    [Scenario]
    public static async Coroutine CallbacksComeInOrder(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        theirs.Send("hello");
        theirs.Shutdown(SocketShutdown.Send);
        var (transport, protocol) = await loop.CreateConnection(() => new Tape(), ours);
        var tape = protocol.Told;
        trace($"returned {tape.Line}");
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
        trace($"closing {transport.IsClosing}");
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine ProtocolGetsTheTransportThatIsReturned(Trace trace)
    {
        var (ours, theirs) = Pair();
        var (transport, protocol) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(), ours);
        trace($"the same {protocol.Told.Transport == transport}");
        trace($"its protocol {transport.GetProtocol() == protocol}");
        transport.Close();
        await protocol.Told.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine EndOfThePeerCloses(Trace trace)
    {
        var (_, tape, theirs) = await Connect();
        theirs.Shutdown(SocketShutdown.Send);
        await tape.Gone();
        trace(tape.Line);
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine HalfClosedConnectionCanBeWrittenTo(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenEof = Told.KeepOpen });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.WasTold("eof");
        await Settle();
        trace($"{tape.Line}, closing {transport.IsClosing}, reading {transport.IsReading}");
        transport.Write("late"u8);
        transport.Close();
        trace($"peer: {Show(await ReceiveAll(theirs))}");
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine EndIsToldAgainAfterAPause(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenEof = Told.KeepOpen });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.WasTold("eof");
        transport.PauseReading();
        transport.ResumeReading();
        await Settle();
        transport.Close();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ResetIsALossWithoutAnEnd(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        Reset(theirs);
        await tape.Gone();
        trace(tape.Line);
        trace($"closing {transport.IsClosing}");
    }

    [Scenario]
    public static async Coroutine ResetAfterTheEndIsALoss(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenEof = Told.KeepOpen });
        theirs.Shutdown(SocketShutdown.Send);
        await tape.WasTold("eof");
        transport.Write(new byte[Big]);
        Reset(theirs);
        await tape.Gone();
        trace(string.Join(' ', tape.Events.SkipLast(1)));
        trace($"an error {tape.Error is not null}");
    }

    [Scenario]
    public static async Coroutine ReadingIsPausedAndResumed(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        trace($"reading {transport.IsReading}");
        transport.PauseReading();
        transport.PauseReading();
        trace($"reading {transport.IsReading}");
        theirs.Send("one");
        await Settle();
        trace($"{tape.Line}: {tape.Text}");
        transport.ResumeReading();
        transport.ResumeReading();
        trace($"reading {transport.IsReading}");
        await tape.Has(3);
        trace($"{tape.Line}: {tape.Text}");
        transport.Close();
        trace($"reading {transport.IsReading}");
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ReadingPausedWhenTheConnectionIsMade(Trace trace)
    {
        var (ours, theirs) = Pair();
        theirs.Send("one");
        var tape = new Told { WhenMade = tape => tape.Transport.PauseReading() };
        var (transport, _) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(tape), ours);
        await Settle();
        trace($"{tape.Line}: {tape.Text}, reading {transport.IsReading}");
        transport.ResumeReading();
        await tape.Has(3);
        trace($"{tape.Line}: {tape.Text}");
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine EndIsNotToldWhileReadingIsPaused(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.PauseReading();
        theirs.Send("one");
        theirs.Shutdown(SocketShutdown.Send);
        await Settle();
        trace(tape.Line);
        transport.ResumeReading();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ReadingPausedInTheCallbackHoldsAtOnce(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenData = tape => tape.Transport.PauseReading() });
        theirs.Send("a");
        await tape.Has(1);
        theirs.Send("b");
        await Settle();
        trace($"{tape.Line}: {tape.Text}");
        transport.ResumeReading();
        await tape.Has(2);
        trace($"{tape.Line}: {tape.Text}");
        transport.Close();
        await tape.Gone();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine PausingWhatIsClosingDoesNothing(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Close();
        trace(ErrorOf(transport.PauseReading));
        trace(ErrorOf(transport.ResumeReading));
        await tape.Gone();
        trace(ErrorOf(transport.PauseReading));
        trace(ErrorOf(transport.ResumeReading));
        trace($"{tape.Line}, reading {transport.IsReading}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ResetIsNotToldWhileReadingIsPaused(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.PauseReading();
        Reset(theirs);
        await Settle();
        trace(tape.Line);
        transport.ResumeReading();
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine WhatATransportKnows(Trace trace)
    {
        var (ours, theirs) = Pair();
        var (here, there) = (ours.LocalEndPoint!, ours.RemoteEndPoint!);
        var (transport, protocol) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(), ours);
        trace($"sockname {here.Equals(transport.GetExtraInfo("sockname"))}");
        trace($"peername {there.Equals(transport.GetExtraInfo("peername"))}");
        trace($"socket {here.Equals(transport.GetExtraInfo<Socket>("socket")!.LocalEndPoint)}");
        trace($"no delay {transport.GetExtraInfo<Socket>("socket")!.NoDelay}");
        trace($"nothing {Show(transport.GetExtraInfo("nothing"))}");
        trace($"instead {Show(transport.GetExtraInfo("nothing", "this"))}");
        transport.Close();
        await protocol.Told.Gone();
        trace($"peername {there.Equals(transport.GetExtraInfo("peername"))}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CallbacksSeeTheValuesOfTheirMaker(Trace trace)
    {
        var variable = new AsyncLocal<string?>();
        var seen = new List<string>();
        void Note(Told tape) => seen.Add($"{tape.Events[^1]} {variable.Value ?? "nobody"}");
        variable.Value = "maker";
        var (_, tape, theirs) = await Connect(new Told
        {
            WhenMade = Note,
            WhenData = Note,
            WhenEof = tape =>
            {
                Note(tape);
                return false;
            },
            WhenLost = Note,
        });
        variable.Value = "another";
        theirs.Send("x");
        await tape.Has(1);
        theirs.Dispose();
        await tape.Gone();
        foreach (var line in seen)
        {
            trace(line);
        }
    }

    [Scenario]
    public static async Coroutine AnswerToEachPiece(Trace trace)
    {
        static void Answer(Told tape)
        {
            if (tape.Text.EndsWith('?'))
            {
                tape.Transport.Write("answer"u8);
            }
        }

        var (_, tape, theirs) = await Connect(new Told { WhenData = Answer });
        for (var i = 0; i < 3; i++)
        {
            theirs.Send("question?");
            trace(Show(await Receive(theirs, 6)));
        }

        theirs.Dispose();
        await tape.Gone();
        trace(tape.Line);
    }
}
