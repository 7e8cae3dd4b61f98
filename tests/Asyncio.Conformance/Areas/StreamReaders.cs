using System.Text;

namespace Asyncio.Conformance;

/// <summary>Stream readers that are fed by hand: what each read gives, limits, ends, failures, and the pauses of the transport.</summary>
[Area("stream_readers")]
internal static partial class StreamReaders
{
    /// <summary>A reader that has been fed these pieces.</summary>
    private static AsyncStreamReader Fed(string pieces, int limit = 100, bool end = false)
    {
        var reader = new AsyncStreamReader(limit);
        reader.FeedData(Bytes(pieces));
        if (end)
        {
            reader.FeedEof();
        }

        return reader;
    }

    private static void Feed(this AsyncStreamReader reader, string data) => reader.FeedData(Bytes(data));

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static Coroutine<byte[]> Until(this AsyncStreamReader reader, string separator) => reader.ReadUntilAsync(Bytes(separator));

    private static Coroutine<byte[]> Until(this AsyncStreamReader reader, params string[] separators) =>
        reader.ReadUntilAsync(separators.Select(Bytes).ToArray());

    /// <summary>What is left to read.</summary>
    private static async Coroutine<string> Rest(AsyncStreamReader reader)
    {
        if (!reader.AtEof)
        {
            reader.FeedEof();
        }

        return Show(await reader.ReadAsync());
    }

    [Scenario]
    public static async Coroutine EmptyDataIsIgnored(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.Feed("");
        await Spin(2);
        trace(Outcome(task));
        reader.Feed("ab");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ReadGivesWhatIsThere(Trace trace)
    {
        var reader = Fed("ab");
        reader.Feed("cd");
        trace(await Attempt(reader.ReadAsync(100)));
    }

    [Scenario]
    public static async Coroutine ReadGivesAtMostWhatIsAskedFor(Trace trace)
    {
        var reader = Fed("abcde");
        foreach (var count in (int[])[1, 3, 3])
        {
            trace(await Attempt(reader.ReadAsync(count)));
        }
    }

    [Scenario]
    public static async Coroutine ReadOfNothingTakesNothing(Trace trace)
    {
        var reader = Fed("");
        trace(await Attempt(reader.ReadAsync(0)));
        reader.Feed("ab");
        trace(await Attempt(reader.ReadAsync(0)));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine ReadOfWhatIsThereDoesNotSuspend(Trace trace)
    {
        var reader = Fed("ab\ncd\nef");
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace(await Attempt(reader.ReadAsync(1)));
        trace(await Attempt(reader.ReadExactlyAsync(1)));
        trace(await Attempt(reader.ReadLineAsync()));
        trace(await Attempt(reader.Until("\n")));
        reader.FeedEof();
        trace(await Attempt(reader.ReadAsync()));
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine ReadWaitsForTheFirstBytes(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(3);
        trace(Outcome(task));
        reader.Feed("ab");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine FedReaderRunsInTheNextIteration(Trace trace)
    {
        var reader = Fed("");

        async Coroutine Read() => trace(await Attempt(reader.ReadAsync(5)));

        var task = Aio.CreateTask(Read());
        await Spin(2);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        trace("feed");
        reader.Feed("ab");
        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine PiecesFedBeforeTheReaderRunsComeTogether(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.Feed("ab");
        reader.Feed("cd");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ReaderWokenByDataStillTakesNoMoreThanItWants(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(3));
        await Spin(2);
        reader.Feed("ab");
        reader.Feed("cd");
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine ReadAtTheEndGivesNothing(Trace trace)
    {
        var reader = Fed("ab", end: true);
        for (var i = 0; i < 3; i++)
        {
            trace(await Attempt(reader.ReadAsync(5)));
        }
    }

    [Scenario]
    public static async Coroutine EndWakesARead(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.FeedEof();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine EndFedTwiceChangesNothing(Trace trace)
    {
        var reader = Fed("ab", end: true);
        reader.FeedEof();
        trace(await Attempt(reader.ReadAsync(5)));
        reader.FeedEof();
        trace(await Attempt(reader.ReadAsync(5)));
    }

    [Scenario]
    public static async Coroutine DataAfterTheEndIsAnError(Trace trace)
    {
        var reader = Fed("", end: true);
        trace(ErrorOf(() => reader.Feed("ab")));
        trace(await Attempt(reader.ReadAsync(5)));
    }

    [Scenario]
    public static async Coroutine ReadToTheEndCollects(Trace trace)
    {
        var reader = Fed("a");
        var task = Aio.CreateTask(reader.ReadAsync());
        foreach (var piece in (string[])["b", "c", "d"])
        {
            await Spin(2);
            reader.Feed(piece);
        }

        await Spin(2);
        trace(Outcome(task));
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Attempt(reader.ReadAsync()));
    }

    [Scenario]
    public static async Coroutine ReadToTheEndKnowsNoLimit(Trace trace)
    {
        var reader = Fed("abcdefgh", limit: 3, end: true);
        trace(await Attempt(reader.ReadAsync(-1)));
    }

    [Scenario]
    public static async Coroutine CancelledReadToTheEndLosesWhatItHad(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.ReadAsync());
        await Spin(3);
        task.Cancel();
        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine AtEofOnceAllIsRead(Trace trace)
    {
        var reader = Fed("ab");
        trace($"begun {reader.AtEof}");
        reader.FeedEof();
        trace($"ended {reader.AtEof}");
        await reader.ReadAsync(1);
        trace($"half read {reader.AtEof}");
        await reader.ReadAsync(1);
        trace($"read {reader.AtEof}");
    }

    [Scenario]
    public static async Coroutine LimitMustBePositive(Trace trace)
    {
        foreach (var limit in (int[])[0, -1, 1])
        {
            trace(ErrorOf(() => new AsyncStreamReader(limit)));
        }
    }

    [Scenario]
    public static async Coroutine ExactlySoMany(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(5));
        foreach (var piece in (string[])["c", "d", "efg"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine ExactlyNoneOrFewer(Trace trace)
    {
        var reader = Fed("");
        trace(await Attempt(reader.ReadExactlyAsync(0)));
        trace(await Attempt(() => reader.ReadExactlyAsync(-1)));
        reader.FeedEof();
        trace(await Attempt(reader.ReadExactlyAsync(0)));
    }

    [Scenario]
    public static async Coroutine ExactlyKnowsNoLimit(Trace trace)
    {
        var reader = Fed("abcdefgh", limit: 3);
        trace(await Attempt(reader.ReadExactlyAsync(8)));
    }

    [Scenario]
    public static async Coroutine EndBeforeExactlySoMany(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(4));
        await Spin(2);
        reader.Feed("c");
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Attempt(reader.ReadExactlyAsync(4)));
        trace($"at the end {reader.AtEof}");
    }
}
