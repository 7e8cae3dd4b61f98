using Microsoft.Win32.SafeHandles;

namespace Asyncio.Conformance;

/// <summary>Transports over pipes: what each end is told, flow control, ends of all kinds, failing callbacks, streams over them.</summary>
[Area("pipes", OnEachReactor = true, NeedsLinux = true, NeedsPipes = true)]
internal static partial class PipeTransports
{
    /// <summary>More than a pipe holds.</summary>
    private const int Much = 1_000_000;

    /// <summary>A transport that reads, and the other end.</summary>
    private static async Coroutine<(Transport Transport, Told Tape, SafeFileHandle Writing)> ReadingEnd(Told? told = null)
    {
        var (reading, writing) = Pipes.Open();
        var (transport, tape) = await Aio.GetRunningLoop().ConnectReadPipe(() => new Tape(told ?? new Told()), reading);
        return (transport, tape.Told, writing);
    }

    /// <summary>A transport that writes, and the other end.</summary>
    private static async Coroutine<(Transport Transport, Told Tape, SafeFileHandle Reading)> WritingEnd(Told? told = null)
    {
        var (reading, writing) = Pipes.Open();
        var (transport, tape) = await Aio.GetRunningLoop().ConnectWritePipe(() => new Tape(told ?? new Told()), writing);
        return (transport, tape.Told, reading);
    }

    private static async Coroutine<(Transport Transport, Told Tape, Told Heard)> BothEnds()
    {
        var loop = Aio.GetRunningLoop();
        var (reading, writing) = Pipes.Open();
        var (_, heard) = await loop.ConnectReadPipe(() => new Tape(), reading);
        var (transport, tape) = await loop.ConnectWritePipe(() => new Tape(), writing);
        return (transport, tape.Told, heard.Told);
    }

    private static async Coroutine End(Told tape)
    {
        tape.Transport.Close();
        await tape.Gone();
    }

    [Scenario]
    public static async Coroutine ThroughAPipe(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        trace($"{tape.Line}, {heard.Line}");
        transport.Write("one "u8);
        transport.WriteLines([Bytes("two "), Bytes(""), Bytes("three")]);
        transport.Write([]);
        await heard.Has(13);
        transport.Close();
        await tape.Gone();
        await heard.Gone();
        trace($"writer {tape.Line}");
        trace($"reader {heard.Line}: {heard.Text}");
    }

    [Scenario]
    public static async Coroutine EndClosesTheReaderWhateverItsProtocolWants(Trace trace)
    {
        var (transport, tape, writing) = await ReadingEnd(new Told { WhenEof = Told.KeepOpen });
        writing.Write("hello");
        writing.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}, closing {transport.IsClosing}");
    }

    [Scenario]
    public static async Coroutine ReadingIsPausedAndResumed(Trace trace)
    {
        var (transport, tape, writing) = await ReadingEnd();
        transport.PauseReading();
        transport.PauseReading();
        trace($"reading {transport.IsReading}");
        writing.Write("one");
        await Settle();
        trace($"{tape.Line}: {tape.Text}");
        transport.ResumeReading();
        transport.ResumeReading();
        trace($"reading {transport.IsReading}");
        await tape.Has(3);
        writing.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}, reading {transport.IsReading}");
        trace(ErrorOf(transport.PauseReading));
        trace(ErrorOf(transport.ResumeReading));
    }

    [Scenario]
    public static async Coroutine ReaderIsClosed(Trace trace)
    {
        var (transport, tape, writing) = await ReadingEnd();
        transport.Close();
        transport.Close();
        trace($"closing {transport.IsClosing}: {tape.Line}");
        await tape.Gone();
        transport.Close();
        await Settle();
        trace(tape.Line);
        try
        {
            writing.Write("x");
        }
        catch (IOException)
        {
            trace("nobody reads");
        }

        writing.Dispose();
    }

    [Scenario]
    public static async Coroutine ReaderIsClosedInItsCallback(Trace trace)
    {
        var (_, tape, writing) = await ReadingEnd(new Told { WhenData = tape => tape.Transport.Close() });
        writing.Write("one");
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
        writing.Dispose();
    }

    [Scenario]
    public static async Coroutine WriterThatIsNotReadFromIsPaused(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        heard.Transport.PauseReading();
        transport.Write(new byte[Much]);
        await Settle();
        trace($"{tape.Line}, unsent {transport.GetWriteBufferSize() > 0}");
        heard.Transport.ResumeReading();
        await heard.Has(Much);
        await tape.WasTold("resume");
        trace(tape.Line);
        await Until(() => transport.GetWriteBufferSize() == 0);
        await End(tape);
        await heard.Gone();
        trace($"{heard.Count} bytes");
    }

    [Scenario]
    public static async Coroutine WaterMarks(Trace trace)
    {
        var (transport, tape, reading) = await WritingEnd();
        trace($"low, high: {Show(transport.GetWriteBufferLimits())}");
        transport.SetWriteBufferLimits(high: 100);
        trace($"low, high: {Show(transport.GetWriteBufferLimits())}");
        trace(ErrorOf(() => transport.SetWriteBufferLimits(high: 1, low: 2)));
        await End(tape);
        reading.Dispose();
    }

    [Scenario]
    public static async Coroutine WriterLearnsThatNobodyReads(Trace trace)
    {
        var (transport, tape, reading) = await WritingEnd();
        reading.Dispose();
        await tape.Gone();
        trace($"{tape.Line}, closing {transport.IsClosing}");
    }

    [Scenario]
    public static async Coroutine WriterWithSomethingUnsentLearnsThatNobodyReads(Trace trace)
    {
        var (transport, tape, reading) = await WritingEnd();
        transport.Write(new byte[Much]);
        await Settle();
        trace(tape.Line);
        reading.Dispose();
        await tape.Gone();
        trace($"{tape.Line}, unsent {transport.GetWriteBufferSize()}");
    }

    [Scenario]
    public static async Coroutine CloseSendsWhatWasWritten(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        transport.Write(new byte[Much]);
        transport.Close();
        transport.Close();
        trace($"closing {transport.IsClosing}");
        await heard.Gone();
        await tape.Gone();
        trace($"{tape.Line}, {heard.Count} bytes");
    }

    [Scenario]
    public static async Coroutine EndOfWritingCloses(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        trace($"can {transport.CanWriteEof}");
        transport.Write("hello"u8);
        transport.WriteEof();
        transport.WriteEof();
        trace($"closing {transport.IsClosing}");
        await heard.Gone();
        await tape.Gone();
        trace($"{tape.Line}, {heard.Line}: {heard.Text}");
    }

    [Scenario]
    public static async Coroutine EndOfWritingComesAfterWhatWasWritten(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        transport.Write(new byte[Much]);
        transport.WriteEof();
        trace($"closing {transport.IsClosing}");
        await heard.Gone();
        await tape.Gone();
        trace($"{tape.Line}, {heard.Count} bytes");
    }

    [Scenario]
    public static async Coroutine WriteAfterCloseGoesNowhere(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        transport.Write("sent"u8);
        await heard.Has(4);
        await Until(() => transport.GetWriteBufferSize() == 0);
        transport.Close();
        trace(ErrorOf(() => transport.Write("never"u8)));
        await tape.Gone();
        trace(ErrorOf(() => transport.Write("never"u8)));
        await heard.Gone();
        trace(heard.Text);
    }

    [Scenario]
    public static async Coroutine WriteAfterCloseWithSomethingUnsent(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        transport.Write(new byte[Much]);
        transport.Close();
        transport.Write("more"u8);
        await heard.Gone();
        await tape.Gone();
        trace($"{heard.Count - Much} bytes more");
    }

    [Scenario]
    public static async Coroutine WriteAfterTheEndOfWriting(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        transport.WriteEof();
        trace(ErrorOf(() => transport.Write("never"u8)));
        await heard.Gone();
        await tape.Gone();
        trace(heard.Text);
    }

    [Scenario]
    public static async Coroutine AbortDropsWhatIsUnsent(Trace trace)
    {
        var (transport, tape, heard) = await BothEnds();
        heard.Transport.PauseReading();
        transport.Write(new byte[Much]);
        transport.Abort();
        trace($"closing {transport.IsClosing}, unsent {transport.GetWriteBufferSize()}");
        await tape.Gone();
        heard.Transport.ResumeReading();
        await heard.Gone();
        trace($"{tape.Line}, all of it {heard.Count == Much}");
    }
}
