namespace Asyncio.Conformance;

internal static partial class StreamReaders
{
    [Scenario]
    public static async Coroutine LineByLine(Trace trace)
    {
        var reader = Fed("ab\n\ncd\nef", end: true);
        for (var i = 0; i < 5; i++)
        {
            trace(await Attempt(reader.ReadLineAsync()));
        }
    }

    [Scenario]
    public static async Coroutine LineInPieces(Trace trace)
    {
        var reader = Fed("a");
        var task = Aio.CreateTask(reader.ReadLineAsync());
        foreach (var piece in (string[])["b", "c\nd", "e"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine EndEndsALine(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.ReadLineAsync());
        await Spin(2);
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Attempt(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LineAsLongAsTheLimit(Trace trace)
    {
        var reader = Fed("abc\nd", limit: 3);
        trace(await Attempt(reader.ReadLineAsync()));
        trace(await Rest(reader));
    }

    /// <summary>Whether a line was refused, without a word on how.</summary>
    private static async Coroutine<string> Refused(Coroutine<byte[]> reading)
    {
        try
        {
            return Show(await reading);
        }
        catch (LimitOverrunException)
        {
            return "refused";
        }
    }

    [Scenario]
    public static async Coroutine LineLongerThanTheLimitIsDropped(Trace trace)
    {
        var reader = Fed("abcd\nef\n", limit: 3);
        trace(await Refused(reader.ReadLineAsync()));
        trace(await Refused(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LongLineWithoutItsNewlineIsDroppedWithAllThatCame(Trace trace)
    {
        var reader = Fed("abcd", limit: 3);
        trace(await Refused(reader.ReadLineAsync()));
        reader.Feed("ef\n");
        trace(await Refused(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LongLineInPiecesIsRefusedAsSoonAsItIsTooLong(Trace trace)
    {
        var reader = Fed("", limit: 3);
        var task = Aio.CreateTask(Refused(reader.ReadLineAsync()));
        foreach (var piece in (string[])["a", "bc", "d"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        reader.Feed("e\n");
        trace(await Refused(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LineOverTheLimitIsToldByWhichError(Trace trace)
    {
        var reader = Fed("abcd\n", limit: 3);
        trace(await Attempt(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LongLineAtTheEnd(Trace trace)
    {
        var reader = Fed("abcd", limit: 3, end: true);
        trace(await Refused(reader.ReadLineAsync()));
        trace(await Refused(reader.ReadLineAsync()));
    }

    [Scenario]
    public static async Coroutine LinesOneAfterTheOther(Trace trace)
    {
        var reader = Fed("ab\ncd\nef", end: true);
        await foreach (var line in reader)
        {
            trace(Show(line));
        }

        trace($"at the end {reader.AtEof}");
    }

    [Scenario]
    public static async Coroutine LinesOfNothing(Trace trace)
    {
        var reader = Fed("", end: true);
        await foreach (var line in reader)
        {
            trace(Show(line));
        }

        trace("over");
    }

    [Scenario]
    public static async Coroutine SeparatorsOfAnyLength(Trace trace)
    {
        var reader = Fed("ab\ncd--ef===g");
        trace(await Attempt(reader.ReadUntilAsync()));
        trace(await Attempt(reader.Until("--")));
        trace(await Attempt(reader.Until("===")));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine SeparatorInPieces(Trace trace)
    {
        var reader = Fed("ab-");
        var task = Aio.CreateTask(reader.Until("--!"));
        foreach (var piece in (string[])["-", "-", "!c"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine BeginningOfASeparatorThatWasNone(Trace trace)
    {
        var reader = Fed("a+");
        var task = Aio.CreateTask(reader.Until("+-"));
        foreach (var piece in (string[])["b", "+", "+", "-"])
        {
            await Spin(2);
            reader.Feed(piece);
        }

        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine EndBeforeTheSeparator(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.Until("--"));
        await Spin(2);
        reader.Feed("-");
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Attempt(reader.Until("--")));
        trace($"at the end {reader.AtEof}");
    }

    [Scenario]
    public static async Coroutine SeparatorThatCameWithTheEndCounts(Trace trace)
    {
        var reader = Fed("a");
        var task = Aio.CreateTask(reader.Until("--"));
        await Spin(2);
        reader.Feed("--b");
        reader.FeedEof();
        trace(await Attempt(task));
        trace(await Attempt(reader.Until("--")));
    }

    [Scenario]
    public static async Coroutine SeparatorMustBeSomething(Trace trace)
    {
        var reader = Fed("ab");
        trace(await Attempt(() => reader.Until("")));
        trace(await Attempt(() => reader.Until([])));
        trace(await Attempt(() => reader.Until("a", "")));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine SeparatorBeyondTheLimit(Trace trace)
    {
        var reader = Fed("abcd--e", limit: 3);
        var consumed = 0;
        for (var i = 0; i < 2; i++)
        {
            try
            {
                await reader.Until("--");
            }
            catch (LimitOverrunException e)
            {
                trace(Kind(e));
                consumed = e.Consumed;
            }
        }

        trace(await Attempt(reader.ReadExactlyAsync(consumed)));
        trace(await Attempt(reader.Until("--")));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine SeparatorNotFoundWithinTheLimit(Trace trace)
    {
        var reader = Fed("abc-", limit: 3);
        var task = Aio.CreateTask(reader.Until("--"));
        await Spin(2);
        trace(Outcome(task));
        reader.Feed("d");
        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine LimitInPieces(Trace trace)
    {
        var reader = Fed("", limit: 3);
        var task = Aio.CreateTask(reader.Until("--"));
        foreach (var piece in (string[])["ab", "c", "d", "-"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine SeparatorWithinTheLimitCountsThoughMoreIsThere(Trace trace)
    {
        var reader = Fed("ab--cdefgh", limit: 3);
        trace(await Attempt(reader.Until("--")));
        trace(await Attempt(reader.Until("--")));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine OfSeveralSeparatorsTheFirstToEndCounts(Trace trace)
    {
        var reader = Fed("one;two|three;");
        for (var i = 0; i < 3; i++)
        {
            trace(await Attempt(reader.Until(";", "|")));
        }
    }

    [Scenario]
    public static async Coroutine OfSeveralSeparatorsALongerOneMayEndFirst(Trace trace)
    {
        var reader = Fed("ab+-+cd|");
        trace(await Attempt(reader.Until("|", "+-+")));
        trace(await Attempt(reader.Until("|", "+-+")));
    }

    [Scenario]
    public static async Coroutine SeparatorThatIsTheEndOfAnother(Trace trace)
    {
        var reader = Fed("abc\r\nde", limit: 100);
        trace(await Attempt(reader.Until("\r\n", "\n")));
        reader = Fed("abc\r\nde", limit: 2);
        trace(await Attempt(reader.Until("\r\n", "\n")));
    }

    [Scenario]
    public static async Coroutine SeparatorThatIsTheBeginningOfAnother(Trace trace)
    {
        var reader = Fed("ab--->c");
        trace(await Attempt(reader.Until("--->", "--")));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine SeparatorsOfDifferentLengthsInPieces(Trace trace)
    {
        var reader = Fed("a");
        var task = Aio.CreateTask(reader.Until("|", "<end>"));
        foreach (var piece in (string[])["<", "en", "d", ">b|"])
        {
            await Spin(2);
            trace(Outcome(task));
            reader.Feed(piece);
        }

        trace(await Attempt(task));
        trace(await Attempt(reader.Until("|", "<end>")));
    }

    [Scenario]
    public static async Coroutine SeparatorsLongerThanWhatIsThere(Trace trace)
    {
        var reader = Fed("a", end: true);
        trace(await Attempt(reader.Until("<a long one>", "<end>")));
    }

    [Scenario]
    public static async Coroutine LimitWithSeveralSeparators(Trace trace)
    {
        var reader = Fed("abcdefgh", limit: 3);
        trace(await Attempt(reader.Until("|", "<end>")));
        reader.Feed("<end>");
        trace(await Attempt(reader.Until("|", "<end>")));
        reader.Feed("|");
        trace(await Attempt(reader.Until("h", "<end>")));
    }

    [Scenario]
    public static async Coroutine SameSeparatorTwice(Trace trace)
    {
        var reader = Fed("ab;cd;");
        trace(await Attempt(reader.Until(";", ";")));
        trace(await Rest(reader));
    }
}
