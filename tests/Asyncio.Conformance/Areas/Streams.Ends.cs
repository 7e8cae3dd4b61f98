using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Streams
{
    [Scenario]
    public static async Coroutine ResetReachesEveryone(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        var reading = Aio.CreateTask(reader.ReadAsync(5));
        writer.Write(new byte[Big]);
        var draining = Aio.CreateTask(writer.DrainAsync());
        var closing = Aio.CreateTask(writer.WaitClosedAsync());
        await Settle();
        Reset(theirs);
        trace($"reading {await Attempt(reading)}");
        trace($"draining {await Attempt(draining)}");
        trace($"closing {await Attempt(closing)}");
        trace($"later reading {await Attempt(reader.ReadAsync(5))}");
        trace($"later draining {await Attempt(writer.DrainAsync())}");
        trace($"later closing {await Attempt(writer.WaitClosedAsync())}");
        trace($"the reader's {Show(reader.Exception())}");
    }

    [Scenario]
    public static async Coroutine ResetWhileReading(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        var reading = Aio.CreateTask(reader.ReadLineAsync());
        await Spin(3);
        Reset(theirs);
        trace(await Attempt(reading));
        trace($"closing {writer.IsClosing}");
        trace(await Attempt(writer.DrainAsync()));
        trace(await Attempt(writer.WaitClosedAsync()));
    }

    [Scenario]
    public static async Coroutine ResetWhileNobodyReads(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        Reset(theirs);
        await Until(() => writer.IsClosing);
        await Spin(3);
        trace(await Attempt(reader.ReadAsync(5)));
        trace(await Attempt(writer.DrainAsync()));
    }

    [Scenario]
    public static async Coroutine AbortLetsThoseWhoDrainGo(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        var draining = Aio.CreateTask(writer.DrainAsync());
        var closing = Aio.CreateTask(writer.WaitClosedAsync());
        var reading = Aio.CreateTask(reader.ReadAsync(5));
        await Settle();
        writer.Transport.Abort();
        trace($"draining {await Attempt(draining)}");
        trace($"closing {await Attempt(closing)}");
        trace($"reading {await Attempt(reading)}");
        trace($"later draining {await Attempt(writer.DrainAsync())}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WaitClosedWaitsForWhatIsUnsent(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        writer.Close();
        writer.Close();
        trace($"closing {writer.IsClosing}");
        var tasks = Enumerable.Range(0, 2).Select(_ => Aio.CreateTask(writer.WaitClosedAsync())).ToArray();
        await Settle();
        trace(Outcome(tasks[0]));
        trace($"{(await ReceiveAll(theirs)).Length} bytes");
        trace(await Attempt(tasks[0]));
        trace(await Attempt(tasks[1]));
        trace(await Attempt(writer.WaitClosedAsync()));
    }

    [Scenario]
    public static async Coroutine WaitClosedBeforeClose(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        var task = Aio.CreateTask(writer.WaitClosedAsync());
        await Settle();
        trace($"{Outcome(task)}, closing {writer.IsClosing}");
        writer.Close();
        trace(await Attempt(task));
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WaitClosedWhenItIsClosedDoesNotSuspend(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Close();
        await writer.WaitClosedAsync();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await writer.WaitClosedAsync();
        trace("closed");
        await Aio.Sleep(0);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CancelledWaitClosedAndTheOthers(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        var tasks = Enumerable.Range(0, 2).Select(_ => Aio.CreateTask(writer.WaitClosedAsync())).ToArray();
        await Spin(2);
        tasks[0].Cancel();
        await Spin(3);
        trace(Outcome(tasks[0]));
        trace(Outcome(tasks[1]));
        writer.Close();
        await Settle();
        trace(Outcome(tasks[1]));
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CloseEndsTheReaderToo(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        var reading = Aio.CreateTask(reader.ReadAsync());
        await Spin(3);
        writer.Close();
        await writer.WaitClosedAsync();
        trace(await Attempt(reading));
        trace($"at the end {reader.AtEof}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WhatCameBeforeTheCloseCanBeRead(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        theirs.Send("first\nearly");
        trace(await Attempt(reader.ReadLineAsync()));
        writer.Close();
        await writer.WaitClosedAsync();
        trace($"at the end {reader.AtEof}");
        trace(await Attempt(reader.ReadAsync()));
        trace($"at the end {reader.AtEof}");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ReaderPausesItsTransport(Trace trace)
    {
        var (reader, writer, theirs) = await Connect(limit: 10);
        theirs.Send(new string('a', 21));
        await Until(() => !writer.Transport.IsReading);
        trace("paused");
        trace(await Attempt(reader.ReadExactlyAsync(10)));
        trace($"reading {writer.Transport.IsReading}");
        trace(await Attempt(reader.ReadExactlyAsync(1)));
        trace($"reading {writer.Transport.IsReading}");
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine WhatWaitsForAPausedReaderComesInTheEnd(Trace trace)
    {
        var (reader, writer, theirs) = await Connect(limit: 10);
        theirs.Send(new string('a', 50));
        await Until(() => !writer.Transport.IsReading);
        theirs.Send(new string('b', 50));
        theirs.Dispose();
        var data = await reader.ReadAsync();
        trace($"{data.Count(b => b == 'a')} a, {data.Count(b => b == 'b')} b");
        await End(writer);
    }

    [Scenario]
    public static async Coroutine LineBeyondTheLimit(Trace trace)
    {
        var (reader, writer, theirs) = await Connect(limit: 10);
        theirs.Send(new string('a', 11) + "\nshort\n");
        await Settle();
        try
        {
            await reader.ReadLineAsync();
        }
        catch (LimitOverrunException)
        {
            trace("refused");
        }

        trace(await Attempt(reader.ReadLineAsync()));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine IncompleteRead(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        theirs.Send("abc");
        theirs.Dispose();
        trace(await Attempt(reader.ReadExactlyAsync(5)));
        trace(await Attempt(reader.ReadUntilAsync("--"u8)));
        trace(await Attempt(reader.ReadLineAsync()));
        await End(writer);
    }

    [Scenario]
    public static async Coroutine WhatAWriterKnows(Trace trace)
    {
        var (ours, theirs) = Pair();
        var (here, there) = (ours.LocalEndPoint!, ours.RemoteEndPoint!);
        var (_, writer) = await Aio.OpenConnection(ours);
        trace($"sockname {here.Equals(writer.GetExtraInfo("sockname"))}");
        trace($"peername {there.Equals(writer.GetExtraInfo("peername"))}");
        trace($"nothing {Show(writer.GetExtraInfo("nothing"))}");
        trace($"instead {Show(writer.GetExtraInfo("nothing", "this"))}");
        trace($"transport {here.Equals(writer.Transport.GetExtraInfo("sockname"))}");
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine StreamsOverAProtocolOfOnesOwn(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        var reader = new AsyncStreamReader(limit: 5);
        var protocol = new StreamReaderProtocol(reader);
        var (transport, _) = await loop.CreateConnection(() => protocol, ours);
        var writer = new AsyncStreamWriter(transport, protocol, reader);
        writer.Write("question\n");
        trace(Show(await Receive(theirs, 9)));
        theirs.Send("abc\n");
        trace(await Attempt(reader.ReadLineAsync()));
        theirs.Dispose();
        trace(await Attempt(reader.ReadAsync()));
        await End(writer);
    }

    [Scenario]
    public static async Coroutine NobodyListens(Trace trace)
    {
        try
        {
            await Aio.OpenConnection("127.0.0.1", ClosedPort());
        }
        catch (SocketException e)
        {
            trace(Kind(e));
        }
    }

    [Scenario]
    public static async Coroutine LimitOfAConnectionMustBePositive(Trace trace)
    {
        var (ours, theirs) = Pair();
        foreach (var limit in (int[])[0, -1])
        {
            trace(await Attempt(async () => _ = await Aio.OpenConnection(ours, limit)));
        }

        ours.Dispose();
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CancelledReadOfAConnectionLosesNothing(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        var task = Aio.CreateTask(reader.ReadExactlyAsync(6));
        theirs.Send("abc");
        await Settle();
        task.Cancel();
        trace(await Attempt(task));
        theirs.Send("def");
        trace(await Attempt(reader.ReadExactlyAsync(6)));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ReadThatTimesOutCanBeRepeated(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        trace(await Attempt(Aio.WaitFor(reader.ReadLineAsync(), 0.01)));
        theirs.Send("line\n");
        trace(await Attempt(reader.ReadLineAsync()));
        await End(writer);
        theirs.Dispose();
    }
}
