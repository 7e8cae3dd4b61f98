using System.Net;
using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Operations on sockets of one's own, and callbacks for those that can be read or written.</summary>
[Area("sockets", OnEachReactor = true)]
internal static partial class Sockets
{
    private static Socket Listener()
    {
        var socket = Tcp();
        socket.Bind(new IPEndPoint(Local, 0));
        socket.Listen();
        return socket;
    }

    private static Socket Dial(Socket server)
    {
        var socket = Tcp();
        socket.Connect(server.LocalEndPoint!);
        return socket;
    }

    /// <summary>A datagram socket with an address.</summary>
    private static Socket Bound()
    {
        var socket = Udp();
        socket.Bind(new IPEndPoint(Local, 0));
        return socket;
    }

    [Scenario]
    public static async Coroutine ReceiveWhatIsThere(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        theirs.Send("hello");
        trace(await Attempt(loop.SockRecv(ours, 3)));
        trace(await Attempt(loop.SockRecv(ours, 100)));
        theirs.Shutdown(SocketShutdown.Send);
        trace(await Attempt(loop.SockRecv(ours, 100)));
        trace(await Attempt(loop.SockRecv(ours, 100)));
    }

    [Scenario]
    public static async Coroutine ReceiveWaits(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockRecv(ours, 100));
        await Settle();
        trace(Outcome(task));
        theirs.Send("hello");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine EndWakesWhoReceives(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockRecv(ours, 100));
        await Settle();
        theirs.Shutdown(SocketShutdown.Send);
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ResetWakesWhoReceives(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        var task = Aio.CreateTask(loop.SockRecv(ours, 100));
        await Settle();
        Reset(theirs);
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ReceiveNothing(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        theirs.Send("hello");
        await Settle();
        trace(await Attempt(loop.SockRecv(ours, 0)));
        trace(await Attempt(loop.SockRecvInto(ours, Memory<byte>.Empty)));
        trace(await Attempt(loop.SockRecv(ours, 100)));
    }

    [Scenario]
    public static async Coroutine ReceiveIntoABuffer(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var buffer = Bytes("........");
        theirs.Send("hello");
        trace(await Attempt(loop.SockRecvInto(ours, buffer.AsMemory(1, 3))));
        trace(Show(buffer));
        trace(await Attempt(loop.SockRecvInto(ours, buffer)));
        trace(Show(buffer));
        theirs.Shutdown(SocketShutdown.Send);
        trace(await Attempt(loop.SockRecvInto(ours, buffer)));
        trace(Show(buffer));
    }

    [Scenario]
    public static async Coroutine SendAllOfMuch(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        var task = Aio.CreateTask(loop.SockSendall(ours, Bytes(new string('a', Big) + "end")));
        await Settle();
        trace(Outcome(task));
        var data = await Receive(theirs, Big + 3);
        trace($"{data.Length} bytes, {Show(data[^3..])}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine SendNothing(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        trace(await Attempt(loop.SockSendall(ours, Bytes(""))));
        trace(await Attempt(loop.SockSendall(ours, Bytes("more"))));
        trace(await Attempt(loop.SockRecv(theirs, 100)));
    }

    [Scenario]
    public static async Coroutine SendAndReceiveAtOnce(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        using var __ = theirs;
        AsyncTask[] tasks = [Aio.CreateTask(loop.SockSendall(ours, new byte[Big])), Aio.CreateTask(loop.SockSendall(theirs, new byte[Big]))];
        var (mine, yours) = await Aio.Gather(Receive(ours, Big), Receive(theirs, Big));
        trace($"{mine.Length} and {yours.Length} bytes");
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }
    }

    [Scenario]
    public static async Coroutine SendToAPeerThatIsGone(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        Reset(theirs);
        await Settle();
        trace(await Attempt(loop.SockSendall(ours, Bytes("x"))));
        trace(await Attempt(loop.SockSendall(ours, Bytes("x"))));
    }

    [Scenario]
    public static async Coroutine PeerThatGoesWhileMuchIsSent(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using var _ = ours;
        var task = Aio.CreateTask(loop.SockSendall(ours, new byte[Big]));
        await Settle();
        Reset(theirs);
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ConnectAndAccept(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        using var socket = Tcp();
        var task = Aio.CreateTask(loop.SockAccept(server));
        await Settle();
        trace(task.IsCompleted ? "done" : "pending");
        trace(await Attempt(loop.SockConnect(socket, server.LocalEndPoint!)));
        using var client = await task;
        trace($"names {client.RemoteEndPoint!.Equals(socket.LocalEndPoint)}, {client.LocalEndPoint!.Equals(server.LocalEndPoint)}");
        await loop.SockSendall(socket, Bytes("hello"));
        trace(await Attempt(loop.SockRecv(client, 100)));
        await loop.SockSendall(client, Bytes("answer"));
        trace(await Attempt(loop.SockRecv(socket, 100)));
    }

    [Scenario]
    public static async Coroutine AcceptThoseWhoWaitAlready(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        Socket[] clients = [Dial(server), Dial(server), Dial(server)];
        foreach (var client in clients)
        {
            using var accepted = await loop.SockAccept(server);
            trace($"in order {accepted.RemoteEndPoint!.Equals(client.LocalEndPoint)}");
            client.Dispose();
        }
    }

    [Scenario]
    public static async Coroutine NobodyListens(Trace trace)
    {
        using var socket = Tcp();
        trace(await Attempt(Aio.GetRunningLoop().SockConnect(socket, new IPEndPoint(Local, ClosedPort()))));
    }

    [Scenario]
    public static async Coroutine ConnectToAName(Trace trace)
    {
        using var server = Listener();
        using var socket = Tcp();
        trace(await Attempt(Aio.GetRunningLoop().SockConnect(socket, new DnsEndPoint("localhost", PortOf(server)))));
    }
}
