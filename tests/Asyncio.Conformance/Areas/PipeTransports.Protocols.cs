using Asyncio.Files;

namespace Asyncio.Conformance;

internal static partial class PipeTransports
{
    [Scenario]
    public static async Coroutine AnotherProtocolTakesOver(Trace trace)
    {
        var (transport, tape, writing) = await ReadingEnd();
        writing.Write("one");
        await tape.Has(3);
        var second = new Told { Events = { "set" } };
        var protocol = new Tape(second);
        transport.SetProtocol(protocol);
        trace($"its protocol {transport.GetProtocol() == protocol}");
        writing.Write("two");
        writing.Dispose();
        await second.Gone();
        trace($"first {tape.Line}: {tape.Text}");
        trace($"second {second.Line}: {second.Text}");
    }

    [Scenario]
    public static async Coroutine WhatAPipeKnows(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (reading, writing) = Pipes.Open();
        var (reader, heard) = await loop.ConnectReadPipe(() => new Tape(), reading);
        var (writer, tape) = await loop.ConnectWritePipe(() => new Tape(), writing);
        trace($"reading end {reader.GetExtraInfo("pipe") == reading}");
        trace($"writing end {writer.GetExtraInfo("pipe") == writing}");
        trace($"nothing {Show(reader.GetExtraInfo("nothing"))}, instead {writer.GetExtraInfo("nothing", "this")}");
        await End(tape.Told);
        await heard.Told.Gone();
        await Until(() => reading.IsClosed && writing.IsClosed);
        trace("closed");
    }

    [Scenario]
    public static async Coroutine FilesAreRefused(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var path = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(path, "text");
        using (var file = File.OpenHandle(path))
        {
            trace(await Attempt(async () => _ = await loop.ConnectReadPipe(() => new Tape(), file)));
        }

        using (var file = File.OpenHandle(path, access: FileAccess.Write))
        {
            trace(await Attempt(async () => _ = await loop.ConnectWritePipe(() => new Tape(), file)));
        }
    }

    [Scenario]
    public static async Coroutine DeviceIsWrittenTo(Trace trace)
    {
        var (transport, tape) = await Aio.GetRunningLoop().ConnectWritePipe(() => new Tape(), File.OpenHandle("/dev/null", access: FileAccess.Write));
        transport.Write("into nothing"u8);
        await Until(() => transport.GetWriteBufferSize() == 0);
        await End(tape.Told);
        trace(tape.Told.Line);
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionMadeIsReportedAndThePipeLives(Trace trace)
    {
        var (_, tape, writing) = await ReadingEnd(new Told { WhenMade = Told.Fail });
        writing.Write("x");
        writing.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingDataReceivedOfAPipe(Trace trace)
    {
        var (_, tape, writing) = await ReadingEnd(new Told { WhenData = Told.Fail });
        writing.Write("x");
        await tape.Has(1);
        await Spin(2);
        writing.Dispose();
        await tape.Gone();
        trace(tape.Line);
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingConnectionLostIsReportedAndThePipeClosed(Trace trace)
    {
        var (transport, tape, reading) = await WritingEnd(new Told { WhenLost = Told.Fail });
        transport.Close();
        await tape.Gone();
        await Settle();
        trace($"{tape.Line}, peer: {Show(reading.Read())}");
        reading.Dispose();
    }

    [Scenario]
    public static async Coroutine StreamReaderOverAPipe(Trace trace)
    {
        var reader = new AsyncStreamReader();
        var (reading, writing) = Pipes.Open();
        var (transport, _) = await Aio.GetRunningLoop().ConnectReadPipe(() => new StreamReaderProtocol(reader), reading);
        writing.Write("one\ntwo");
        trace(await Attempt(reader.ReadLineAsync()));
        writing.Dispose();
        trace(await Attempt(reader.ReadAsync()));
        trace($"at the end {reader.AtEof}");
        await Spin(2);
        transport.Close();
    }

    [Scenario]
    public static async Coroutine StreamWriterOverAPipe(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (reading, writing) = Pipes.Open();
        var (_, tape) = await loop.ConnectReadPipe(() => new Tape(), reading);
        var heard = tape.Told;
        heard.Transport.PauseReading();
        var (transport, protocol) = await loop.ConnectWritePipe(() => new StreamReaderProtocol(new AsyncStreamReader()), writing);
        var writer = new AsyncStreamWriter(transport, protocol);
        writer.Write(new byte[Much]);
        var task = Aio.CreateTask(writer.DrainAsync());
        await Settle();
        trace(Outcome(task));
        heard.Transport.ResumeReading();
        trace(await Attempt(task));
        writer.Close();
        trace(await Attempt(writer.WaitClosedAsync()));
        await heard.Gone();
        trace($"{heard.Count} bytes");
    }

    [Scenario]
    public static async Coroutine PipeIsWatched(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (reading, writing) = Pipes.Open();
        var calls = new List<byte[]>();

        void Ready()
        {
            calls.Add(reading.Read());
            if (calls[^1].Length == 0)
            {
                loop.RemoveReader(reading);
            }
        }

        loop.AddReader(reading, Ready);
        await Settle();
        trace($"{calls.Count} calls");
        writing.Write("hello");
        await Until(() => calls.Count > 0);
        trace(Show(calls[0]));
        writing.Dispose();
        await Until(() => calls.Count == 2);
        await Settle();
        trace($"{calls.Count} calls, removed {loop.RemoveReader(reading)}");
        reading.Dispose();
    }

    [Scenario]
    public static async Coroutine CancelledBeforeItIsMade(Trace trace)
    {
        var (reading, writing) = Pipes.Open();
        var tape = new Tape();
        var task = Aio.CreateTask(Aio.GetRunningLoop().ConnectReadPipe(() => tape, reading));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
        await tape.Told.Gone();
        trace(tape.Told.Line);
        writing.Dispose();
    }
}
