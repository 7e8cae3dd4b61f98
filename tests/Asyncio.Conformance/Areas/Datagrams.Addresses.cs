using System.Net;
using System.Net.Sockets;
using Asyncio.Files;

namespace Asyncio.Conformance;

internal static partial class Datagrams
{
    private static Coroutine<string> Attempted(
        EndPoint? localAddress = null, EndPoint? remoteAddress = null, Socket? socket = null, Func<DatagramTape>? factory = null) => Attempt(async () =>
    {
        factory ??= () => new DatagramTape();
        _ = socket is null
            ? await Aio.GetRunningLoop().CreateDatagramEndpoint(factory, localAddress, remoteAddress)
            : await Aio.GetRunningLoop().CreateDatagramEndpoint(factory, socket);
    });

    [Scenario]
    public static async Coroutine WaterMarks(Trace trace)
    {
        var (server, heard, _) = await Bound();
        trace($"low, high: {Show(server.GetWriteBufferLimits())}, unsent {server.GetWriteBufferSize()}");
        server.SetWriteBufferLimits(high: 1000);
        trace($"low, high: {Show(server.GetWriteBufferLimits())}");
        trace(ErrorOf(() => server.SetWriteBufferLimits(high: 1, low: 2)));
        await End(heard);
    }

    [Scenario]
    public static async Coroutine AddressInUse(Trace trace)
    {
        var (_, heard, address) = await Bound();
        trace(await Attempted(address));
        await End(heard);
    }

    [Scenario]
    public static async Coroutine AddressThatIsShared(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var (first, one) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(Local, 0), reusePort: true);
        var address = first.GetExtraInfo<EndPoint>("sockname")!;
        var (second, two) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), address, reusePort: true);
        trace($"the same {address.Equals(second.GetExtraInfo("sockname"))}");
        await End(one, two);
    }

    [Scenario]
    public static async Coroutine AddressThatIsNotOurs(Trace trace) => trace(await Attempted(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));

    [Scenario]
    public static async Coroutine WithoutAnAddressTheFamilyIsNeeded(Trace trace)
    {
        trace(await Attempted());
        var (_, heard, address) = await Bound();
        var (client, tape) = await Aio.GetRunningLoop().CreateDatagramEndpoint(() => new DatagramTape(), family: AddressFamily.InterNetwork);
        client.SendTo("x", address);
        await heard.Has(2);
        trace(heard.Line);
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine AddressesOfDifferentKinds(Trace trace) =>
        trace(await Attempted(new IPEndPoint(Local, 0), new IPEndPoint(IPAddress.IPv6Loopback, 9)));

    [Scenario]
    public static async Coroutine BroadcastsAreAllowedIfAskedFor(Trace trace)
    {
        foreach (var allowed in (bool[])[false, true])
        {
            var (transport, tape) = await Aio.GetRunningLoop().CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(Local, 0), allowBroadcast: allowed);
            trace($"{transport.GetExtraInfo<Socket>("socket")!.EnableBroadcast}");
            await End(tape);
        }
    }

    [Scenario]
    public static async Coroutine SocketOfOnesOwn(Trace trace)
    {
        var socket = Udp();
        socket.Bind(new IPEndPoint(Local, 0));
        var address = socket.LocalEndPoint!;
        var (transport, heard) = await Aio.GetRunningLoop().CreateDatagramEndpoint(() => new DatagramTape(), socket);
        trace($"the same {address.Equals(transport.GetExtraInfo("sockname"))}");
        var (client, tape) = await Connected(address);
        client.SendTo("x");
        await heard.Has(2);
        trace(heard.Line);
        await End(tape, heard);
        await Until(() => socket.SafeHandle.IsClosed);
        trace("closed");
    }

    [Scenario]
    public static async Coroutine StreamSocketIsRefused(Trace trace)
    {
        using var socket = Tcp();
        trace(await Attempted(socket: socket));
    }

    [Scenario]
    public static async Coroutine FailingFactory(Trace trace)
    {
        using var socket = Udp();
        socket.Bind(new IPEndPoint(Local, 0));
        trace(await Attempted(socket: socket, factory: () => throw new DivideByZeroException()));
    }

    [Scenario]
    public static async Coroutine SocketFiles(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var (here, there) = (new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "here")), new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "there")));
        var (server, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), there, family: AddressFamily.Unix);
        var (client, tape) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), here, there, AddressFamily.Unix);
        client.SendTo("question");
        await heard.Has(2);
        trace($"from the client {heard.Senders[0].Equals(here)}");
        server.SendTo("answer", here);
        await tape.Has(2);
        trace($"{heard.Line}, {tape.Line}");
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine SocketFileThatWasLeftBehindIsReplaced(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        for (var i = 0; i < 2; i++)
        {
            var (_, heard) = await Aio.GetRunningLoop().CreateDatagramEndpoint(
                () => new DatagramTape(), new UnixDomainSocketEndPoint(file), family: AddressFamily.Unix);
            await End(heard);
            trace($"there {File.Exists(file)}");
        }
    }

    [Scenario]
    public static async Coroutine SocketFileThatWasReplacedIsTheOthers(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var address = new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "socket"));
        var (_, one) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), address, family: AddressFamily.Unix);
        var (_, two) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), address, family: AddressFamily.Unix);
        await End(one);
        var (client, tape) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: address, family: AddressFamily.Unix);
        client.SendTo("x");
        await two.Has(2);
        trace($"{one.Line}, {two.Line}");
        await End(tape, two);
    }

    [Scenario]
    public static async Coroutine SenderWithoutAName(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        await using var folder = await TemporaryDirectory.CreateAsync();
        var address = new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "socket"));
        var (_, heard) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), address, family: AddressFamily.Unix);
        var (client, tape) = await loop.CreateDatagramEndpoint(() => new DatagramTape(), remoteAddress: address, family: AddressFamily.Unix);
        for (var number = 0; number < 3; number++)
        {
            client.SendTo($"{number}");
        }

        await heard.Has(4);
        trace($"{heard.Line} from {(heard.Senders[0].ToString() is "" ? "none" : "somebody")}");
        await End(tape, heard);
    }

    [Scenario]
    public static async Coroutine CancelledBeforeItIsMade(Trace trace)
    {
        var task = Aio.CreateTask(Aio.GetRunningLoop().CreateDatagramEndpoint(() => new DatagramTape(), new IPEndPoint(Local, 0)));
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(async () => _ = await task));
    }
}
