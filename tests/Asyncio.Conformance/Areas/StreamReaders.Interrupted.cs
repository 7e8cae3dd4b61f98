namespace Asyncio.Conformance;

internal static partial class StreamReaders
{
    [Scenario]
    public static async Coroutine SecondReadIsRefused(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        trace($"read: {await Attempt(reader.ReadAsync(5))}");
        trace($"readline: {await Attempt(reader.ReadLineAsync())}");
        trace($"readuntil: {await Attempt(reader.Until("-"))}");
        trace($"readexactly: {await Attempt(reader.ReadExactlyAsync(2))}");
        reader.Feed("ab");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine SecondReadMayGetWhatIsThere(Trace trace)
    {
        var reader = Fed("ab");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(3));
        await Spin(2);
        trace(await Attempt(reader.ReadAsync(1)));
        reader.Feed("cd");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledReadLosesNothing(Trace trace)
    {
        var reader = Fed("ab");
        foreach (var read in (Func<Coroutine<byte[]>>[])[reader.ReadLineAsync, () => reader.Until("--"), () => reader.ReadExactlyAsync(7)])
        {
            var task = Aio.CreateTask(read());
            await Spin(2);
            reader.Feed("c");
            await Spin(2);
            task.Cancel();
            trace(await Attempt(task));
        }

        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine CancelledReadLeavesTheReaderToTheNext(Trace trace)
    {
        var reader = Fed("");
        var first = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        first.Cancel();
        await Spin(2);
        var second = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.Feed("ab");
        trace($"first {Outcome(first)}");
        trace($"second {await Attempt(second)}");
    }

    [Scenario]
    public static async Coroutine ReadCancelledAfterItsDataCame(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.Feed("ab");
        task.Cancel();
        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine DataThatComesAfterTheCancellationStays(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        task.Cancel();
        reader.Feed("ab");
        trace(await Attempt(task));
        trace(await Rest(reader));
    }

    [Scenario]
    public static async Coroutine FailureWakesEveryKindOfRead(Trace trace)
    {
        foreach (var read in (Func<AsyncStreamReader, Coroutine<byte[]>>[])
            [r => r.ReadAsync(5), r => r.ReadAsync(), r => r.ReadLineAsync(), r => r.ReadExactlyAsync(5), r => r.Until("-")])
        {
            var reader = Fed("");
            var task = Aio.CreateTask(read(reader));
            await Spin(2);
            reader.SetException(new DivideByZeroException());
            trace(await Attempt(task));
        }
    }

    [Scenario]
    public static async Coroutine FailureComesBeforeWhatIsUnread(Trace trace)
    {
        var reader = Fed("ab\ncd");
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(reader.ReadAsync(1)));
        trace(await Attempt(reader.ReadAsync(0)));
        trace(await Attempt(reader.ReadAsync()));
        trace(await Attempt(reader.ReadLineAsync()));
        trace(await Attempt(reader.Until("\n")));
        trace(await Attempt(reader.ReadExactlyAsync(1)));
        trace(await Attempt(reader.ReadExactlyAsync(0)));
        trace($"at the end {reader.AtEof}");
    }

    [Scenario]
    public static async Coroutine FailureIsTold(Trace trace)
    {
        var reader = Fed("");
        trace(Show(reader.Exception()));
        reader.SetException(new DivideByZeroException());
        trace(Show(reader.Exception()));
        reader.SetException(new KeyNotFoundException());
        trace(Show(reader.Exception()));
    }

    [Scenario]
    public static async Coroutine FailureAfterTheEnd(Trace trace)
    {
        var reader = Fed("ab", end: true);
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(reader.ReadAsync(5)));
        trace($"at the end {reader.AtEof}");
    }

    [Scenario]
    public static async Coroutine WrongArgumentsComeBeforeTheFailure(Trace trace)
    {
        var reader = Fed("");
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(() => reader.ReadExactlyAsync(-1)));
        trace(await Attempt(() => reader.Until("")));
    }

    [Scenario]
    public static async Coroutine FailureAfterTheReaderWasCancelled(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        task.Cancel();
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(task));
        trace(await Attempt(reader.ReadAsync(5)));
    }

    [Scenario]
    public static async Coroutine FailureAfterDataWokeTheReader(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadAsync(5));
        await Spin(2);
        reader.Feed("ab");
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(task));
        trace(await Attempt(reader.ReadAsync(5)));
    }

    [Scenario]
    public static async Coroutine FailureAfterSomeOfWhatIsWanted(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(5));
        await Spin(2);
        reader.Feed("ab");
        await Spin(2);
        reader.SetException(new DivideByZeroException());
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine DataAndEndBeforeTheReaderRuns(Trace trace)
    {
        var reader = Fed("");
        var task = Aio.CreateTask(reader.ReadExactlyAsync(5));
        await Spin(2);
        reader.Feed("ab");
        reader.FeedEof();
        trace(await Attempt(task));
    }
}
