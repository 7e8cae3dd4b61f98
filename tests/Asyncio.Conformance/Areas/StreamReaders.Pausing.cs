namespace Asyncio.Conformance;

internal static partial class StreamReaders
{
    /// <summary>Traces when it is paused and resumed; the rest of a transport is never asked for.</summary>
    private sealed class PausableTransport(Trace trace, bool canPause = true) : Transport
    {
        public override bool IsClosing => false;

        public override bool IsReading => true;

        public override bool CanWriteEof => false;

        public override void PauseReading()
        {
            if (!canPause)
            {
                trace("asked to pause");
                throw new NotSupportedException();
            }

            trace("pause");
        }

        public override void ResumeReading() => trace("resume");

        public override void Close() => throw new NotSupportedException();

        public override void Abort() => throw new NotSupportedException();

        public override void SetProtocol(BaseProtocol protocol) => throw new NotSupportedException();

        public override BaseProtocol GetProtocol() => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public override void WriteEof() => throw new NotSupportedException();

        public override int GetWriteBufferSize() => throw new NotSupportedException();

        public override void SetWriteBufferLimits(int? high = null, int? low = null) => throw new NotSupportedException();

        public override (int Low, int High) GetWriteBufferLimits() => throw new NotSupportedException();
    }

    [Scenario]
    public static async Coroutine TransportIsPausedBeyondTwiceTheLimit(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace));
        foreach (var piece in (string[])["abcdef", "g", "h"])
        {
            trace($"feed {piece}");
            reader.Feed(piece);
        }
    }

    [Scenario]
    public static async Coroutine TransportIsResumedWhenNoMoreThanTheLimitIsLeft(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace));
        reader.Feed("abcdefgh");
        foreach (var count in (int[])[4, 1, 1])
        {
            trace(await Attempt(reader.ReadAsync(count)));
        }

        reader.Feed("ijklmn");
    }

    [Scenario]
    public static async Coroutine EveryKindOfReadResumes(Trace trace)
    {
        foreach (var read in (Func<AsyncStreamReader, Coroutine<byte[]>>[])
            [r => r.ReadAsync(7), r => r.ReadExactlyAsync(7), r => r.ReadLineAsync(), r => r.Until("--")])
        {
            var reader = Fed("", limit: 3);
            reader.SetTransport(new PausableTransport(trace));
            reader.Feed("ab\n--cd");
            trace(await Attempt(read(reader)));
        }
    }

    [Scenario]
    public static async Coroutine DroppedLineResumes(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace));
        reader.Feed("abcdefg");
        trace(await Refused(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine OverrunThatIsLeftInTheBufferResumesNothing(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace));
        reader.Feed("abcdefg");
        trace(await Attempt(reader.Until("--")));
        trace(await Attempt(reader.ReadExactlyAsync(5)));
    }

    [Scenario]
    public static async Coroutine WhoWaitsForMoreThanIsThereResumes(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace));
        reader.Feed("abcdefg");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(8));
        await Spin(2);
        trace("feed");
        reader.Feed("h");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine TransportThatCannotBePausedIsAskedOnce(Trace trace)
    {
        var reader = Fed("", limit: 3);
        reader.SetTransport(new PausableTransport(trace, canPause: false));
        reader.Feed("abcdefg");
        reader.Feed("h");
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine TransportIsSetOnce(Trace trace)
    {
        var reader = Fed("");
        reader.SetTransport(new PausableTransport(trace));
        trace(ErrorOf(() => reader.SetTransport(new PausableTransport(trace))));
    }
}
