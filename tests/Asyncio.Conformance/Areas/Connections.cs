using System.Net;
using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Making connections: addresses that answer or do not, local addresses, sockets of one's own, failing factories, cancellation, socket files.</summary>
[Area("connections", OnEachReactor = true)]
internal static partial class Connections
{
    private const string Host = "127.0.0.1";

    /// <summary>A listening socket that never accepts by itself.</summary>
    private static Socket Listener()
    {
        var socket = Tcp();
        socket.Bind(new IPEndPoint(Local, 0));
        socket.Listen();
        return socket;
    }

    private static async Coroutine End(Transport transport, Told tape)
    {
        transport.Close();
        await tape.Gone();
    }

    /// <summary>What came of it: the line of the tape, or the exception.</summary>
    private static Coroutine<string> Attempted(Coroutine<(Transport Transport, Tape Protocol)> connecting) => Attempted(() => connecting);

    private static Coroutine<string> Attempted(AsyncTask<(Transport Transport, Tape Protocol)> connecting) => Attempted(async () => await connecting);

    private static async Coroutine<string> Attempted(Func<Coroutine<(Transport Transport, Tape Protocol)>> connect)
    {
        try
        {
            var (transport, tape) = await connect();
            var line = tape.Told.Line;
            await End(transport, tape.Told);
            return line;
        }
        catch (Exception e)
        {
            return Kind(e);
        }
    }

    private static Coroutine<(Transport Transport, Tape Protocol)> Connect(Socket server) =>
        Aio.GetRunningLoop().CreateConnection(() => new Tape(), Host, PortOf(server));

    private static Coroutine<(Transport Transport, Tape Protocol)> ConnectFrom(IPEndPoint local, Socket server) =>
        Aio.GetRunningLoop().CreateConnection(() => new Tape(), Host, PortOf(server), localAddress: local);

    [Scenario]
    public static async Coroutine BothSidesAgreeOnTheNames(Trace trace)
    {
        using var server = Listener();
        var (transport, tape) = await Connect(server);
        using var client = await Aio.GetRunningLoop().SockAccept(server);
        trace($"here {client.RemoteEndPoint!.Equals(transport.GetExtraInfo("sockname"))}");
        trace($"there {server.LocalEndPoint!.Equals(transport.GetExtraInfo("peername"))}");
        trace($"no delay {transport.GetExtraInfo<Socket>("socket")!.NoDelay}");
        await End(transport, tape.Told);
    }

    [Scenario]
    public static async Coroutine NobodyListens(Trace trace) =>
        trace(await Attempted(Aio.GetRunningLoop().CreateConnection(() => new Tape(), Host, ClosedPort())));

    [Scenario]
    public static async Coroutine AllErrorsOfOneAddress(Trace trace) =>
        trace(await Attempted(Aio.GetRunningLoop().CreateConnection(() => new Tape(), Host, ClosedPort(), allErrors: true)));

    [Scenario]
    public static async Coroutine ErrorsOfSeveralAddresses(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var port = ClosedPort();
        try
        {
            await loop.CreateConnection(() => new Tape(), "localhost", port);
        }
        catch (SocketException)
        {
            trace("refused");
        }

        try
        {
            await loop.CreateConnection(() => new Tape(), "localhost", port, allErrors: true);
        }
        catch (ExceptionGroup group)
        {
            trace($"all refused {group.InnerExceptions.All(e => e is SocketException { SocketErrorCode: SocketError.ConnectionRefused })}");
        }
    }

    [Scenario]
    public static async Coroutine NameOfWhichOneAddressAnswers(Trace trace)
    {
        using var server = Listener();
        var (transport, tape) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(), "localhost", PortOf(server));
        trace($"{tape.Told.Line}: {server.LocalEndPoint!.Equals(transport.GetExtraInfo("peername"))}");
        await End(transport, tape.Told);
    }

    [Scenario]
    public static async Coroutine HappyEyeballs(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using (var server = Listener())
        {
            trace(await Attempted(loop.CreateConnection(() => new Tape(), "localhost", PortOf(server), happyEyeballsDelay: 10)));
            trace(await Attempted(loop.CreateConnection(() => new Tape(), "localhost", PortOf(server), happyEyeballsDelay: 10, interleave: 2)));
        }

        trace(await Attempted(loop.CreateConnection(() => new Tape(), Host, ClosedPort(), happyEyeballsDelay: 10)));
    }

    [Scenario]
    public static async Coroutine FamilyThatTheAddressIsNotOf(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        trace(await Attempted(loop.CreateConnection(() => new Tape(), Host, PortOf(server), family: AddressFamily.InterNetwork)));
        try
        {
            await loop.CreateConnection(() => new Tape(), Host, PortOf(server), family: AddressFamily.InterNetworkV6);
        }
        catch (SocketException)
        {
            trace("refused");
        }
    }

    [Scenario]
    public static async Coroutine AddressesNeedNoLookUp(Trace trace)
    {
        foreach (var host in (string[])["127.0.0.1", "::1"])
        {
            foreach (var address in await Aio.GetRunningLoop().GetAddrInfo(host, 80))
            {
                trace($"{address.Address} {address.Port}");
            }
        }
    }

    [Scenario]
    public static async Coroutine LocalAddress(Trace trace)
    {
        using var server = Listener();
        var (transport, tape) = await ConnectFrom(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), server);
        using var client = await Aio.GetRunningLoop().SockAccept(server);
        var address = (IPEndPoint)client.RemoteEndPoint!;
        trace($"{address.Address}: {address.Equals(transport.GetExtraInfo("sockname"))}");
        await End(transport, tape.Told);
    }

    [Scenario]
    public static async Coroutine LocalAddressInUse(Trace trace)
    {
        using var server = Listener();
        using var other = Listener();
        trace(await Attempted(ConnectFrom((IPEndPoint)other.LocalEndPoint!, server)));
    }

    [Scenario]
    public static async Coroutine LocalAddressOfAnotherKind(Trace trace)
    {
        using var server = Listener();
        try
        {
            await ConnectFrom(new IPEndPoint(IPAddress.IPv6Loopback, 0), server);
        }
        catch (SocketException)
        {
            trace("refused");
        }
    }

    [Scenario]
    public static async Coroutine LocalAddressThatIsNotOurs(Trace trace)
    {
        using var server = Listener();
        trace(await Attempted(ConnectFrom(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), server)));
    }

    [Scenario]
    public static async Coroutine SocketThatIsNoStream(Trace trace)
    {
        using var socket = Udp();
        trace(await Attempted(() => Aio.GetRunningLoop().CreateConnection(() => new Tape(), socket)));
        trace($"closed {socket.SafeHandle.IsClosed}");
    }

    [Scenario]
    public static async Coroutine SocketBelongsToItsTransport(Trace trace)
    {
        var (ours, theirs) = Pair();
        var (transport, tape) = await Aio.GetRunningLoop().CreateConnection(() => new Tape(), ours);
        await End(transport, tape.Told);
        await Until(() => ours.SafeHandle.IsClosed);
        trace("closed");
        theirs.Dispose();
    }

    [Scenario]
    public static async Coroutine FailingFactory(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        var socket = Tcp();
        socket.Connect(server.LocalEndPoint!);
        var client = await loop.SockAccept(server);
        trace(await Attempted(() => loop.CreateConnection<Tape>(() => throw new DivideByZeroException(), socket)));
        socket.Dispose();
        trace($"peer: {Show(await ReceiveAll(client))}");
    }

    [Scenario]
    public static async Coroutine AcceptedSocket(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using var server = Listener();
        var socket = Tcp();
        socket.Connect(server.LocalEndPoint!);
        var client = await loop.SockAccept(server);
        var (_, protocol) = await loop.ConnectAcceptedSocket(() => new Tape(), client);
        var tape = protocol.Told;
        trace(tape.Line);
        socket.Send("hello");
        socket.Dispose();
        await tape.Gone();
        trace($"{tape.Line}: {tape.Text}");
    }

    [Scenario]
    public static async Coroutine AcceptedSocketThatIsNoStream(Trace trace)
    {
        using var socket = Udp();
        trace(await Attempted(() => Aio.GetRunningLoop().ConnectAcceptedSocket(() => new Tape(), socket)));
    }
}
