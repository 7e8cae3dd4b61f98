using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>Who no longer accepts keeps no connection.</summary>
public class AcceptingTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void After_a_cancellation_the_next_gets_the_connection(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var listener = Listen();
        for (var i = 0; i < 5; i++)
        {
            await Cancelled(loop, listener, turns: i);
            using var client = Connect(listener);
            using var server = await loop.SockAccept(listener);
            Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void After_a_cancellation_the_owner_may_accept_by_himself(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var listener = Listen();
        await Cancelled(loop, listener, turns: 3);
        await Aio.Sleep(0.02);
        using var client = Connect(listener);
        await Aio.Sleep(0.02);
        listener.Blocking = false; // rather an error than a wait for ever
        using var server = listener.Accept();
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_connection_that_came_after_a_cancellation_ends_with_the_listener(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var listener = Listen();
        await Cancelled(loop, listener, turns: 3);
        using var client = Connect(listener);
        await Aio.Sleep(0.02);
        listener.Dispose();
        var error = await Record.ExceptionAsync(async () => Assert.Empty(await loop.SockRecv(client, 1)));
        Assert.True(error is null or SocketException { SocketErrorCode: SocketError.ConnectionReset }, $"{error}");
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void No_connection_is_lost_in_a_storm_of_cancellations(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        const int Count = 200;
        using var listener = Listen();
        var random = new Random(2);
        var accepted = new List<Socket>();
        var clients = new List<Socket>();
        while (accepted.Count < Count)
        {
            var accepting = Aio.CreateTask(loop.SockAccept(listener));
            if (clients.Count < Count && random.Next(2) == 0)
            {
                clients.Add(Connect(listener));
            }

            for (var turns = random.Next(4); turns > 0; turns--)
            {
                await Aio.Sleep(0);
            }

            accepting.Cancel();
            await Aio.Wait([accepting]);
            if (!accepting.IsCanceled)
            {
                accepted.Add(accepting.Result());
            }
        }

        Assert.Equal(clients.Select(client => client.LocalEndPoint!.ToString()), accepted.Select(server => server.RemoteEndPoint!.ToString()));
        accepted.ForEach(static socket => socket.Dispose());
        clients.ForEach(static socket => socket.Dispose());
    });

    private static async Coroutine Cancelled(EventLoop loop, Socket listener, int turns)
    {
        var accepting = Aio.CreateTask(loop.SockAccept(listener));
        for (; turns > 0; turns--)
        {
            await Aio.Sleep(0.002);
        }

        accepting.Cancel();
        await Aio.Wait([accepting]);
        Assert.True(accepting.IsCanceled);
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(300);
        return listener;
    }

    private static Socket Connect(Socket listener)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return client;
    }
}
