using System.Net.Sockets;
using Asyncio.Files;

namespace Asyncio.Conformance;

internal static partial class Connections
{
    [Scenario]
    public static async Coroutine CancelledBeforeTheConnectionIsMade(Trace trace)
    {
        var (ours, theirs) = Pair();
        var tape = new Tape();
        var task = Aio.CreateTask(Aio.GetRunningLoop().CreateConnection(() => tape, ours));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempted(task));
        await tape.Told.Gone();
        trace(tape.Told.Line);
        trace($"peer: {Show(await ReceiveAll(theirs))}");
    }

    [Scenario]
    public static async Coroutine CancelledAtAnyPointWhileConnecting(Trace trace)
    {
        using (var server = Listener())
        {
            for (var turns = 0; turns < 10; turns++)
            {
                var task = Aio.CreateTask(Connect(server));
                await Spin(turns);
                task.Cancel();
                await Attempted(task);
            }

            await Settle();
            while (server.Poll(0, SelectMode.SelectRead))
            {
                await ReceiveAll(await Aio.GetRunningLoop().SockAccept(server));
            }
        }

        trace("all closed");
    }

    [Scenario]
    public static async Coroutine CancelledWhileAStreamIsOpened(Trace trace)
    {
        using var server = Listener();
        var task = Aio.CreateTask(Aio.OpenConnection(Host, PortOf(server)));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
    }

    [Scenario]
    public static async Coroutine CancelledWhileAServerStarts(Trace trace)
    {
        var task = Aio.CreateTask(Aio.StartServer((_, _) => { }, Host, 0));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
    }

    [Scenario]
    public static async Coroutine ConnectionOverASocketFile(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        var heard = new Told();
        var server = await loop.CreateUnixServer(() => new Tape(heard), file);
        var (transport, protocol) = await loop.CreateUnixConnection(() => new Tape(), file);
        var tape = protocol.Told;
        trace(tape.Line);
        transport.Write("hello"u8);
        await heard.Has(5);
        heard.Transport.Write("answer"u8);
        await tape.Has(6);
        await End(transport, tape);
        await heard.Gone();
        trace($"client {tape.Line}: {tape.Text}");
        trace($"server {heard.Line}: {heard.Text}");
        server.Close();
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine SocketFileThatIsNotThere(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        try
        {
            await Aio.GetRunningLoop().CreateUnixConnection(() => new Tape(), Path.Combine(folder.Path, "socket"));
        }
        catch (SocketException)
        {
            trace("refused");
        }
    }

    [Scenario]
    public static async Coroutine SocketFileAtWhichNobodyListens(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        var stale = await loop.CreateUnixServer(() => new Tape(), file, cleanupSocket: false);
        stale.Close();
        trace(await Attempted(loop.CreateUnixConnection(() => new Tape(), file)));
    }

    [Scenario]
    public static async Coroutine AbstractName(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var name = $"\0asyncio-conformance-{Environment.ProcessId}";
        var server = await loop.CreateUnixServer(() => new Tape(), name);
        trace(await Attempted(loop.CreateUnixConnection(() => new Tape(), name)));
        server.Close();
        await server.WaitClosedAsync();
        trace(await Attempted(loop.CreateUnixConnection(() => new Tape(), name)));
    }

    [Scenario]
    public static async Coroutine PeerThatIsGoneBeforeTheTransportIsMade(Trace trace)
    {
        var (ours, theirs) = Pair();
        theirs.Send("bye");
        theirs.Dispose();
        var (_, protocol) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(), ours);
        await protocol.Told.Gone();
        trace($"{protocol.Told.Line}: {protocol.Told.Text}");
    }

    [Scenario]
    public static async Coroutine ManyConnectionsAtOnce(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var made = new List<Told>();

        BaseProtocol Factory()
        {
            made.Add(new Told { WhenData = tape => tape.Transport.Write("thanks"u8) });
            return new Tape(made[^1]);
        }

        var server = await loop.CreateServer(Factory, Host, 0);
        var connections = await Aio.GatherAll(Enumerable.Range(0, 30).Select(_ => loop.CreateConnection(() => new Tape(), Host, PortOf(server))));
        foreach (var (transport, _) in connections)
        {
            transport.Write("x"u8);
        }

        foreach (var (transport, tape) in connections)
        {
            await tape.Told.Has(6);
            transport.Close();
        }

        await Until(() => made.TrueForAll(tape => tape.IsLost));
        trace($"{made.Count} made");
        trace($"clients {connections.Select(connection => connection.Protocol.Told.Line).Distinct().Single()}");
        trace($"server {made.Select(tape => tape.Line).Distinct().Single()}");
        server.Close();
        await server.WaitClosedAsync();
    }
}
