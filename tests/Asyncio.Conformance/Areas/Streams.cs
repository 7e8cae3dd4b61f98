using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Streams over connections: writing and draining, ends of every kind seen from reader and writer, closing and waiting for it, TLS.</summary>
[Area("streams", OnEachReactor = true)]
internal static partial class Streams
{
    /// <summary>A reader and a writer, and the peer.</summary>
    private static async Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer, Socket Theirs)> Connect(int limit = AsyncStreamReader.DefaultLimit)
    {
        var (ours, theirs) = Pair();
        var (reader, writer) = await Aio.OpenConnection(ours, limit);
        return (reader, writer, theirs);
    }

    private static async Coroutine End(AsyncStreamWriter writer)
    {
        writer.Close();
        await writer.WaitClosedAsync();
    }

    private static bool IsConnectionError(SocketException error) => error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;

    [Scenario]
    public static async Coroutine WhatIsWrittenIsRead(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        writer.Write("one ");
        writer.WriteLines([Bytes("two "), Bytes(""), Bytes("three")]);
        writer.Write("");
        writer.WriteLines((byte[][])[]);
        trace(Show(await Receive(theirs, 13)));
        theirs.Send("answer\nmore");
        trace(await Attempt(reader.ReadLineAsync()));
        trace(await Attempt(reader.ReadExactlyAsync(4)));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine LinesUntilThePeerCloses(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        theirs.Send("one\ntwo\nthree");
        theirs.Dispose();
        await foreach (var line in reader)
        {
            trace(Show(line));
        }

        trace($"at the end {reader.AtEof}");
        await End(writer);
    }

    [Scenario]
    public static async Coroutine DrainWithoutPressureDoesNotSuspend(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        writer.Write("x");
        await writer.DrainAsync();
        await writer.DrainAsync();
        trace("drained");
        await Aio.Sleep(0);
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine DrainWaitsUntilThePeerHasTakenEnough(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        var task = Aio.CreateTask(writer.DrainAsync());
        await Settle();
        trace(Outcome(task));
        await Receive(theirs, Big);
        trace(await Attempt(task));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine ManyDrain(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        var tasks = Enumerable.Range(0, 10).Select(_ => Aio.CreateTask(writer.DrainAsync())).ToArray();
        await Settle();
        trace(string.Join(", ", tasks.Select(Outcome)));
        await Receive(theirs, Big);
        trace(string.Join(", ", (await Aio.GatherAll(tasks)).Select(unit => Show(unit))));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine CancelledDrainDisturbsNoOther(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        var tasks = Enumerable.Range(0, 3).Select(_ => Aio.CreateTask(writer.DrainAsync())).ToArray();
        await Settle();
        tasks[1].Cancel();
        trace(await Attempt(tasks[1]));
        trace(Outcome(tasks[0]));
        trace($"{(await Receive(theirs, Big)).Length} bytes");
        trace(await Attempt(tasks[0]));
        trace(await Attempt(tasks[2]));
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine DrainAfterClose(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Close();
        trace(await Attempt(writer.DrainAsync()));
        trace(await Attempt(writer.DrainAsync()));
        await writer.WaitClosedAsync();
        trace(await Attempt(writer.DrainAsync()));
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine DrainAfterCloseSuspendsOnce(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Close();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace(await Attempt(writer.DrainAsync()));
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine DrainAfterCloseWithSomethingUnsent(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        writer.Close();
        var task = Aio.CreateTask(writer.DrainAsync());
        await Settle();
        trace(Outcome(task));
        trace($"{(await ReceiveAll(theirs)).Length} bytes");
        trace(await Attempt(task));
        await writer.WaitClosedAsync();
        trace(await Attempt(writer.DrainAsync()));
    }

    [Scenario]
    public static async Coroutine WriteAfterClose(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Close();
        trace(ErrorOf(() => writer.Write("x")));
        trace(await Attempt(writer.DrainAsync()));
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine WritingToAClosedPeerFailsInTheEnd(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        theirs.Dispose();
        try
        {
            while (true)
            {
                writer.Write(new byte[1000]);
                await writer.DrainAsync();
            }
        }
        catch (SocketException e)
        {
            trace($"a connection error {IsConnectionError(e)}");
        }

        trace($"closing {writer.IsClosing}");
        try
        {
            await writer.WaitClosedAsync();
        }
        catch (SocketException e)
        {
            trace($"a connection error {IsConnectionError(e)}");
        }
    }

    [Scenario]
    public static async Coroutine EndOfThePeerLeavesTheWriterOpen(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        theirs.Send("question");
        theirs.Shutdown(SocketShutdown.Send);
        trace(await Attempt(reader.ReadAsync()));
        trace($"at the end {reader.AtEof}, closing {writer.IsClosing}");
        writer.Write("answer");
        await writer.DrainAsync();
        writer.Close();
        trace($"peer: {Show(await ReceiveAll(theirs))}");
        await writer.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine EndOfWritingLeavesTheReaderOpen(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        trace($"can {writer.CanWriteEof}");
        writer.Write("question");
        writer.WriteEof();
        trace($"peer: {Show(await Receive(theirs, 100))}");
        theirs.Send("answer");
        theirs.Dispose();
        trace(await Attempt(reader.ReadAsync()));
        trace(ErrorOf(() => writer.Write("x")));
        trace(ErrorOf(() => writer.WriteLines([Bytes("x")])));
        trace(ErrorOf(writer.WriteEof));
        trace(await Attempt(writer.DrainAsync()));
        await End(writer);
        trace(ErrorOf(writer.WriteEof));
    }

    [Scenario]
    public static async Coroutine EndOfWritingComesAfterWhatWasWritten(Trace trace)
    {
        var (_, writer, theirs) = await Connect();
        writer.Write(new byte[Big]);
        writer.WriteEof();
        trace($"peer: {(await Receive(theirs, Big + 1)).Length} bytes");
        await End(writer);
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine MoreThanCanBeSentAtOnceBothWays(Trace trace)
    {
        var (reader, writer, theirs) = await Connect();
        var loop = Aio.GetRunningLoop();
        var sending = Aio.CreateTask(loop.SockSendall(theirs, new byte[Big]));
        writer.Write(new byte[Big]);
        var receiving = Aio.CreateTask(Receive(theirs, Big));
        trace($"{(await reader.ReadExactlyAsync(Big)).Length} bytes");
        await writer.DrainAsync();
        trace($"{(await receiving).Length} bytes");
        await sending;
        await End(writer);
        theirs.Dispose();
    }
}
