using System.Net;
using System.Net.Sockets;
using Asyncio.Files;

namespace Asyncio.Conformance;

internal static partial class Servers
{
    [Scenario]
    public static async Coroutine AddressInUse(Trace trace)
    {
        var server = await Aio.StartServer(Echo, Host, 0);
        trace(await Attempt(async () => _ = await Aio.StartServer(Echo, Host, PortOf(server))));
        trace($"serving {server.IsServing}");
        server.Close();
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine AddressIsFreeAgainAtOnce(Trace trace)
    {
        var server = await Aio.StartServer(Greet, Host, 0);
        var port = PortOf(server);
        var client = await Greeted(server);
        server.Close();
        server.CloseClients();
        await server.WaitClosedAsync();
        await ReceiveAll(client);
        await using var again = await Aio.StartServer(Echo, Host, port);
        trace($"serving {again.IsServing}");
    }

    [Scenario]
    public static async Coroutine SeveralHosts(Trace trace)
    {
        var protocols = new Protocols(data: tape => tape.Transport.Write("hello"u8));
        await using var server = await Aio.GetRunningLoop().CreateServer(protocols.Make, [Host, "127.0.0.2"], 0);
        trace($"{server.Sockets.Count} sockets");
        foreach (var socket in server.Sockets)
        {
            var client = await Dial(socket.LocalEndPoint!);
            client.Send("hello");
            client.Shutdown(SocketShutdown.Send);
            trace(Show(await ReceiveAll(client)));
        }
    }

    [Scenario]
    public static async Coroutine SameHostTwice(Trace trace)
    {
        await using var server = await Aio.GetRunningLoop().CreateServer(() => new Tape(), [Host, Host], 0);
        trace($"{server.Sockets.Count} sockets");
    }

    [Scenario]
    public static async Coroutine OneAddressInUseTakesNone(Trace trace)
    {
        await using var server = await Aio.StartServer(Echo, "127.0.0.2", 0);
        var port = PortOf(server);
        trace(await Attempt(async () => _ = await Aio.GetRunningLoop().CreateServer(() => new Tape(), [Host, "127.0.0.2"], port)));
        trace($"refuses {await Refuses(new IPEndPoint(Local, port))}");
    }

    [Scenario]
    public static async Coroutine AddressThatIsNotOurs(Trace trace)
    {
        try
        {
            await Aio.StartServer(Echo, "192.0.2.1", 0);
        }
        catch (SocketException)
        {
            trace("refused");
        }

        await using var server = await Aio.GetRunningLoop().CreateServer(() => new Tape(), ["192.0.2.1", Host], 0);
        trace($"{server.Sockets.Count} sockets");
    }

    [Scenario]
    public static async Coroutine PortThatIsShared(Trace trace)
    {
        await using var first = await Aio.StartServer(Echo, Host, 0, reusePort: true);
        await using (var second = await Aio.StartServer(Echo, Host, PortOf(first), reusePort: true))
        {
            trace($"the same {PortOf(first) == PortOf(second)}");
        }

        trace($"serving {first.IsServing}");
    }

    [Scenario]
    public static async Coroutine SocketsThatKeepAlive(Trace trace)
    {
        foreach (var wanted in (bool[])[false, true])
        {
            await using var server = await Aio.GetRunningLoop().CreateServer(() => new Tape(), Host, 0, keepAlive: wanted);
            trace($"{(int)server.Sockets[0].GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0}");
        }
    }

    [Scenario]
    public static async Coroutine SocketOfOnesOwn(Trace trace)
    {
        var socket = Tcp();
        socket.Bind(new IPEndPoint(Local, 0));
        await using (var server = await Aio.StartServer(Echo, socket))
        {
            trace($"the same {server.Sockets[0].LocalEndPoint!.Equals(socket.LocalEndPoint)}");
            var client = await Dial(server);
            client.Send("hello");
            client.Shutdown(SocketShutdown.Send);
            trace(Show(await ReceiveAll(client)));
        }

        trace($"closed {socket.SafeHandle.IsClosed}");
    }

    [Scenario]
    public static async Coroutine SocketThatIsNoStream(Trace trace)
    {
        using var socket = Udp();
        trace(await Attempt(async () => _ = await Aio.StartServer(Echo, socket)));
        trace($"closed {socket.SafeHandle.IsClosed}");
    }

    /// <summary>Opens a connection to a file, says hello and traces the answer.</summary>
    private static async Coroutine Converse(Trace trace, AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        writer.Write("hello");
        writer.WriteEof();
        trace(await Attempt(reader.ReadAsync()));
        writer.Close();
        await writer.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine SocketFile(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        await using (var server = await Aio.StartUnixServer(Echo, file))
        {
            trace($"there {File.Exists(file)}");
            trace($"name {server.Sockets[0].LocalEndPoint!.ToString() == file}");
            var (reader, writer) = await Aio.OpenUnixConnection(file);
            trace($"peer {writer.GetExtraInfo("peername")!.ToString() == file}");
            await Converse(trace, reader, writer);
        }

        trace($"there {File.Exists(file)}");
    }

    [Scenario]
    public static async Coroutine SocketFileGoesWhenTheServerCloses(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        var server = await Aio.StartUnixServer(Greet, file);
        var (reader, writer) = await Aio.OpenUnixConnection(file);
        await reader.ReadExactlyAsync(1);
        server.Close();
        trace($"there {File.Exists(file)}");
        await Converse(trace, reader, writer);
        await server.WaitClosedAsync();
    }

    [Scenario]
    public static async Coroutine SocketFileThatIsToStay(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        await using (await Aio.GetRunningLoop().CreateUnixServer(() => new Tape(), file, cleanupSocket: false))
        {
        }

        trace($"there {File.Exists(file)}, refuses {await Refuses(new UnixDomainSocketEndPoint(file))}");
    }

    [Scenario]
    public static async Coroutine SocketFileThatIsGoneWhenTheServerCloses(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        await using (await Aio.StartUnixServer(Echo, file))
        {
            File.Delete(file);
        }

        trace($"there {File.Exists(file)}");
    }

    [Scenario]
    public static async Coroutine SocketFileThatWasReplacedStays(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        var first = await Aio.StartUnixServer(Echo, file);
        var second = await Aio.StartUnixServer(Echo, file);
        first.Close();
        await first.WaitClosedAsync();
        trace($"there {File.Exists(file)}, refuses {await Refuses(new UnixDomainSocketEndPoint(file))}");
        second.Close();
        await second.WaitClosedAsync();
        trace($"there {File.Exists(file)}");
    }

    [Scenario]
    public static async Coroutine SocketFileThatWasLeftBehindIsReplaced(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "socket");
        await using (await Aio.GetRunningLoop().CreateUnixServer(() => new Tape(), file, cleanupSocket: false))
        {
        }

        trace($"there {File.Exists(file)}");
        await using var server = await Aio.StartUnixServer(Echo, file);
        trace($"refuses {await Refuses(new UnixDomainSocketEndPoint(file))}");
    }

    [Scenario]
    public static async Coroutine FileThatIsNoSocketIsNotReplaced(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "text");
        trace(await Attempt(async () => _ = await Aio.StartUnixServer(Echo, file)));
        trace(await File.ReadAllTextAsync(file));
    }

    [Scenario]
    public static async Coroutine FolderThatIsNotThere(Trace trace)
    {
        await using var folder = await TemporaryDirectory.CreateAsync();
        try
        {
            await Aio.StartUnixServer(Echo, Path.Combine(folder.Path, "nowhere", "socket"));
        }
        catch (SocketException)
        {
            trace("refused");
        }
    }
}
