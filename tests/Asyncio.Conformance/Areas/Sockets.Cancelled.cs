using System.Net.Sockets;

namespace Asyncio.Conformance;

internal static partial class Sockets
{
    [Scenario]
    public static async Coroutine CancelledReceiveLosesNothing(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockRecv(ours, 100));
        await Settle();
        task.Cancel();
        trace(await Attempt(task));
        theirs.Send("hello");
        trace(await Attempt(loop.SockRecv(ours, 100)));
    }

    [Scenario]
    public static async Coroutine ReceiveThatTimesOutCanBeRepeated(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        trace(await Attempt(Aio.WaitFor(loop.SockRecv(ours, 100), 0.01)));
        theirs.Send("hello");
        trace(await Attempt(loop.SockRecv(ours, 100)));
    }

    [Scenario]
    public static async Coroutine CancelledAcceptLosesNoConnection(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        var task = Aio.CreateTask(loop.SockAccept(server));
        await Settle();
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
        using var client = Dial(server);
        using var accepted = await loop.SockAccept(server);
        trace($"accepted {accepted.RemoteEndPoint!.Equals(client.LocalEndPoint)}");
    }

    [Scenario]
    public static async Coroutine CancelledSendLeavesTheSocketUsable(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockSendall(ours, Bytes(new string('a', Big))));
        await Settle();
        task.Cancel();
        trace(await Attempt(task));
        var data = new List<byte>();
        var finishing = Aio.CreateTask(loop.SockSendall(ours, Bytes("end")));
        while (data.Count < 3 || !data[^3..].SequenceEqual(Bytes("end")))
        {
            data.AddRange(await loop.SockRecv(theirs, 256 * 1024));
        }

        trace(await Attempt(finishing));
        trace($"only a part {data.Count - 3 is > 0 and < Big}");
    }

    [Scenario]
    public static async Coroutine MessageOfACancelledReceive(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockRecv(ours, 100));
        await Settle();
        task.Cancel("enough");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine DatagramsThereAndBack(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var ours = Bound();
        using var theirs = Bound();
        trace(await Attempt(loop.SockSendTo(ours, Bytes("question"), theirs.LocalEndPoint!)));
        var (data, address) = await loop.SockRecvFrom(theirs, 100);
        trace($"{Show(data)} {address.Equals(ours.LocalEndPoint)}");
        trace(await Attempt(loop.SockSendTo(theirs, Bytes("answer"), address)));
        var buffer = Bytes("........");
        (var count, address) = await loop.SockRecvFromInto(ours, buffer);
        trace($"{count} {Show(buffer)} {address.Equals(theirs.LocalEndPoint)}");
    }

    [Scenario]
    public static async Coroutine EmptyDatagram(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var ours = Bound();
        using var theirs = Bound();
        trace(await Attempt(loop.SockSendTo(ours, Bytes(""), theirs.LocalEndPoint!)));
        var (data, address) = await loop.SockRecvFrom(theirs, 100);
        trace($"{Show(data)} {address.Equals(ours.LocalEndPoint)}");
    }

    [Scenario]
    public static async Coroutine DatagramLongerThanTheBufferIsCut(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var ours = Bound();
        using var theirs = Bound();
        await loop.SockSendTo(ours, Bytes("abcdef"), theirs.LocalEndPoint!);
        await loop.SockSendTo(ours, Bytes("next"), theirs.LocalEndPoint!);
        trace(Show((await loop.SockRecvFrom(theirs, 3)).Data));
        trace(Show((await loop.SockRecvFrom(theirs, 100)).Data));
    }

    [Scenario]
    public static async Coroutine DatagramThatIsTooLong(Trace trace)
    {
        using var ours = Bound();
        using var theirs = Bound();
        trace(await Attempt(Aio.GetRunningLoop().SockSendTo(ours, new byte[100_000], theirs.LocalEndPoint!)));
    }

    [Scenario]
    public static async Coroutine DatagramIsWaitedFor(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var ours = Bound();
        using var theirs = Bound();
        var task = Aio.CreateTask(loop.SockRecvFrom(theirs, 100));
        await Settle();
        trace($"done {task.Done()}");
        await loop.SockSendTo(ours, Bytes("x"), theirs.LocalEndPoint!);
        trace(Show((await task).Data));
    }

    [Scenario]
    public static async Coroutine ConnectedDatagramSocketOfWhichNobodyTakes(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var socket = Bound();
        await loop.SockConnect(socket, new System.Net.IPEndPoint(Local, ClosedPort()));
        await loop.SockSendall(socket, Bytes("x"));
        trace(await Attempt(loop.SockRecv(socket, 100)));
    }

    private static MemoryStream FileOf(byte[] content) => new(content);

    [Scenario]
    public static async Coroutine FileIsSent(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        using var file = FileOf(Bytes("0123456789"));
        foreach (var (offset, length) in ((long, long?)[])[(0, null), (4, null), (2, 5), (8, 5), (10, null)])
        {
            var count = await loop.SockSendfile(ours, file, offset, length);
            trace($"{count}: {Show(await Receive(theirs, (int)count))}, now at {file.Position}");
        }
    }

    [Scenario]
    public static async Coroutine EmptyFileIsSent(Trace trace)
    {
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        using var file = FileOf([]);
        trace(await Attempt(Aio.GetRunningLoop().SockSendfile(ours, file)));
    }

    [Scenario]
    public static async Coroutine FileSentBetweenOtherData(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        using var file = FileOf(Bytes("file"));
        await loop.SockSendall(ours, Bytes("before "));
        await loop.SockSendfile(ours, file);
        await loop.SockSendall(ours, Bytes(" after"));
        trace(Show(await Receive(theirs, 17)));
    }

    [Scenario]
    public static async Coroutine LargeFileIsSent(Trace trace)
    {
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        using var file = FileOf(new byte[Big]);
        var task = Aio.CreateTask(Aio.GetRunningLoop().SockSendfile(ours, file));
        await Receive(theirs, Big);
        trace(await Attempt(task));
        trace($"at {file.Position}");
    }

    [Scenario]
    public static async Coroutine FileWithSenselessArguments(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        using var file = FileOf(Bytes("0123456789"));
        using var datagrams = Bound();
        foreach (var (offset, length) in ((long, long?)[])[(-1, null), (0, 0), (0, -1)])
        {
            trace(await Attempt(() => loop.SockSendfile(ours, file, offset, length)));
        }

        trace(await Attempt(() => loop.SockSendfile(datagrams, file)));
    }
}
