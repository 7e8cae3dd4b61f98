namespace Asyncio.Conformance;

internal static partial class Transports
{
    [Scenario]
    public static async Coroutine CloseSendsWhatWasWritten(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Close();
        trace($"closing {transport.IsClosing}: {tape.Line}");
        transport.Close();
        trace($"{(await ReceiveAll(theirs)).Length} bytes");
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario]
    public static async Coroutine CloseIsToldInALaterIteration(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Close();
        transport.Close();
        trace(tape.Line);
        await Aio.Sleep(0);
        trace(tape.Line);
        transport.Close();
        await Settle();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CloseWhenTheConnectionIsMade(Trace trace)
    {
        var (_, tape, theirs) = await Connect(new Told { WhenMade = tape => tape.Transport.Close() });
        await tape.Gone();
        trace(tape.Line);
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine AbortWhenTheConnectionIsMade(Trace trace)
    {
        var (_, tape, theirs) = await Connect(new Told { WhenMade = tape => tape.Transport.Abort() });
        await tape.Gone();
        trace(tape.Line);
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine CloseInTheCallbackEndsWhatIsTold(Trace trace)
    {
        var (_, tape, theirs) = await Connect(new Told { WhenData = tape => tape.Transport.Close() });
        theirs.Send("a");
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine DataThatComesAfterTheCloseIsNotTold(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Close();
        theirs.Send("late");
        await Settle();
        trace(tape.Line);
        transport.Abort();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WriteAfterCloseGoesNowhere(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write("sent"u8);
        trace(Show(await Receive(theirs, 4)));
        await Until(() => transport.GetWriteBufferSize() == 0);
        transport.Close();
        trace(ErrorOf(() => transport.Write("never"u8)));
        await tape.Gone();
        trace(ErrorOf(() => transport.Write("never"u8)));
        trace($"unsent {transport.GetWriteBufferSize()}");
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine WriteAfterCloseIsSentIfSomethingWasUnsent(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Close();
        transport.Write("more"u8);
        trace($"{(await ReceiveAll(theirs)).Length - Big} bytes more");
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario(Log = true)]
    public static async Coroutine WritingOnAfterTheLossIsWarnedOf(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Abort();
        await tape.Gone();
        for (var number = 1; number < 8; number++)
        {
            trace($"write {number}");
            transport.Write("x"u8);
        }

        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine AbortDropsWhatIsUnsent(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Abort();
        trace($"closing {transport.IsClosing}, unsent {transport.GetWriteBufferSize()}: {tape.Line}");
        transport.Abort();
        await tape.Gone();
        trace(tape.Line);
        trace($"all of it {(await ReceiveAll(theirs)).Length == Big}");
    }

    [Scenario]
    public static async Coroutine AbortAfterClose(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Close();
        await Settle();
        trace(tape.Line);
        transport.Abort();
        await tape.Gone();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CloseAfterAbort(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Abort();
        transport.Close();
        await tape.Gone();
        transport.Abort();
        await Settle();
        trace(tape.Line);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ResetWhileWritingIsPaused(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        await Settle();
        Reset(theirs);
        await tape.Gone();
        trace(tape.Line);
        trace($"unsent {transport.GetWriteBufferSize()}");
    }

    [Scenario]
    public static async Coroutine ResetWhileWhatWasWrittenIsSentBeforeClosing(Trace trace)
    {
        var (transport, tape, theirs) = await Connect();
        transport.Write(new byte[Big]);
        transport.Close();
        await Settle();
        Reset(theirs);
        await tape.Gone();
        trace(string.Join(' ', tape.Events.SkipLast(1)));
        trace($"an error {tape.Error is not null}");
    }

    [Scenario]
    public static async Coroutine WriteInTheLastCallbackGoesNowhere(Trace trace)
    {
        var (transport, tape, theirs) = await Connect(new Told { WhenLost = tape => tape.Transport.Write("x"u8) });
        transport.Close();
        await tape.Gone();
        trace($"{tape.Line}, unsent {transport.GetWriteBufferSize()}");
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }
}
