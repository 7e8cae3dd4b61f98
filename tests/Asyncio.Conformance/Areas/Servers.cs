using System.Net;
using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Servers: handlers and protocols, starting and serving, closing and waiting for the connections, addresses, socket files.</summary>
[Area("servers", OnEachReactor = true)]
internal static partial class Servers
{
    private const string Host = "127.0.0.1";

    /// <summary>Says everything again, until the peer ends.</summary>
    private static async Coroutine Echo(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        writer.Write(await reader.ReadAsync());
        writer.Close();
        await writer.WaitClosedAsync();
    }

    /// <summary>As <see cref="Echo"/>; who is greeted knows that it was accepted.</summary>
    private static async Coroutine Greet(AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        writer.Write("!");
        await Echo(reader, writer);
    }

    /// <summary>A plain socket that the server has accepted.</summary>
    private static async Coroutine<Socket> Greeted(Server server)
    {
        var socket = await Dial(server);
        await Receive(socket, 1);
        return socket;
    }

    /// <summary>A plain socket that is connected to the server.</summary>
    private static Coroutine<Socket> Dial(Server server) => Dial(new IPEndPoint(Local, PortOf(server)));

    private static async Coroutine<Socket> Dial(EndPoint address)
    {
        var socket = Tcp();
        await Aio.GetRunningLoop().SockConnect(socket, address);
        return socket;
    }

    /// <summary>Whether nobody listens there.</summary>
    private static async Coroutine<bool> Refuses(EndPoint address)
    {
        using var socket = address is UnixDomainSocketEndPoint ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : Tcp();
        try
        {
            await Aio.GetRunningLoop().SockConnect(socket, address);
        }
        catch (SocketException)
        {
            return true;
        }

        return false;
    }

    private static EndPoint AddressOf(Server server) => new IPEndPoint(Local, PortOf(server));

    /// <summary>What a server's factory has made, and a way to wait for it.</summary>
    private sealed class Protocols(Action<Told>? made = null, Action<Told>? data = null)
    {
        public List<Told> Made { get; } = [];

        public BaseProtocol Make()
        {
            Made.Add(new Told { WhenMade = made, WhenData = data });
            return new Tape(Made[^1]);
        }

        /// <summary>Until so many connections are made.</summary>
        public Coroutine Have(int count) => Until(() => Made.Count >= count && Made.TrueForAll(tape => tape.Events.Count > 0));
    }

    [Scenario]
    public static async Coroutine HandlerRunsAsATask(Trace trace)
    {
        var main = Aio.CurrentTask();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            trace($"in a task {Aio.CurrentTask() != main}");
            await Echo(reader, writer);
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var socket = await Dial(server);
        socket.Send("hello");
        socket.Shutdown(SocketShutdown.Send);
        trace(Show(await ReceiveAll(socket)));
    }

    [Scenario]
    public static async Coroutine HandlerThatIsNoCoroutine(Trace trace)
    {
        static void Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writer.Write("welcome");
            writer.Close();
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        trace(Show(await ReceiveAll(await Dial(server))));
    }

    [Scenario]
    public static async Coroutine SeveralClientsAtOnce(Trace trace)
    {
        static async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            var name = await reader.ReadExactlyAsync(1);
            writer.WriteLines([name, name, name]);
            await Echo(reader, writer);
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var clients = new List<Socket>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await Dial(server));
        }

        foreach (var (name, client) in "abcde".Zip(clients))
        {
            client.Send($"{name}");
        }

        clients.Reverse();
        foreach (var client in clients)
        {
            trace(Show(await Receive(client, 3)));
            client.Send("bye");
            client.Shutdown(SocketShutdown.Send);
            trace(Show(await ReceiveAll(client)));
        }
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingHandlerIsReportedAndItsConnectionClosed(Trace trace)
    {
        var writers = new List<AsyncStreamWriter>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writers.Add(writer);
            await reader.ReadAsync(1);
            throw new DivideByZeroException();
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var client = await Dial(server);
        client.Send("x");
        trace($"peer: {Show(await ReceiveAll(client))}");
        trace($"serving {server.IsServing}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingHandlerThatIsNoCoroutine(Trace trace)
    {
        var writers = new List<AsyncStreamWriter>();

        void Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            writers.Add(writer);
            throw new DivideByZeroException();
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var client = await Dial(server);
        await Until(() => writers.Count > 0);
        await Settle();
        trace($"closing {writers[0].IsClosing}");
        writers[0].Close();
        trace($"peer: {Show(await ReceiveAll(client))}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine CancelledHandlerClosesItsConnectionSilently(Trace trace)
    {
        var tasks = new List<IAsyncTask>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer)
        {
            tasks.Add(Aio.CurrentTask()!);
            await reader.ReadAsync();
        }

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var client = await Dial(server);
        await Until(() => tasks.Count > 0);
        await Spin(2);
        tasks[0].Cancel();
        trace($"peer: {Show(await ReceiveAll(client))}");
    }

    [Scenario]
    public static async Coroutine HandlerThatEndsLeavesItsConnectionOpen(Trace trace)
    {
        var writers = new List<AsyncStreamWriter>();

        async Coroutine Serve(AsyncStreamReader reader, AsyncStreamWriter writer) => writers.Add(writer);

        await using var server = await Aio.StartServer(Serve, Host, 0);
        var client = await Dial(server);
        await Until(() => writers.Count > 0);
        await Settle();
        trace($"closing {writers[0].IsClosing}");
        writers[0].Write("still here");
        writers[0].Close();
        trace($"peer: {Show(await ReceiveAll(client))}");
    }

    [Scenario]
    public static async Coroutine ClientThatIsGoneAtOnce(Trace trace)
    {
        var protocols = new Protocols();
        var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0);
        var client = await Dial(server);
        client.Dispose();
        await protocols.Have(1);
        await protocols.Made[0].Gone();
        trace(protocols.Made[0].Line);
        server.Close();
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine ProtocolForEachConnection(Trace trace)
    {
        var protocols = new Protocols(data: tape => tape.Transport.Write("thanks"u8));
        await using (var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0))
        {
            foreach (var name in (string[])["a", "b"])
            {
                var client = await Dial(server);
                client.Send(name);
                trace(Show(await Receive(client, 6)));
                trace($"peer {client.LocalEndPoint!.Equals(protocols.Made[^1].Transport.GetExtraInfo("peername"))}");
                trace($"local {client.RemoteEndPoint!.Equals(protocols.Made[^1].Transport.GetExtraInfo("sockname"))}");
                client.Dispose();
            }
        }

        foreach (var tape in protocols.Made)
        {
            trace($"{tape.Line}: {tape.Text}");
        }
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingFactoryClosesTheConnection(Trace trace)
    {
        var server = await Aio.GetRunningLoop().CreateServer(() => throw new DivideByZeroException(), Host, 0);
        var client = await Dial(server);
        trace($"peer: {Show(await ReceiveAll(client))}");
        trace($"serving {server.IsServing}");
        server.Close();
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine AcceptedConnectionsSendAtOnce(Trace trace)
    {
        var protocols = new Protocols();
        await using var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, Host, 0);
        var client = await Dial(server);
        await protocols.Have(1);
        trace($"no delay {protocols.Made[0].Transport.GetExtraInfo<Socket>("socket")!.NoDelay}");
        client.Dispose();
    }
}
