using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>Operations on sockets that stay the caller's.</summary>
public class SocketOperationTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Streams(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var listener = Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var accepting = Aio.CreateTask(loop.SockAccept(listener));
        await loop.SockConnect(client, new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndPoint!).Port));
        using var server = await accepting;
        Assert.True(client.Connected);
        Assert.Equal(listener.LocalEndPoint, client.RemoteEndPoint);
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);

        await loop.SockSendall(client, "hello"u8.ToArray());
        Assert.Equal("he"u8.ToArray(), await loop.SockRecv(server, 2));
        var buffer = new byte[10];
        Assert.Equal(3, await loop.SockRecvInto(server, buffer));
        Assert.Equal("llo"u8.ToArray(), buffer[..3]);

        var data = new byte[3_000_000];
        Random.Shared.NextBytes(data);
        var sending = Aio.CreateTask(loop.SockSendall(client, data));
        var received = new MemoryStream();
        while (received.Length < data.Length)
        {
            received.Write(await loop.SockRecv(server, 100_000));
        }

        await sending;
        Assert.Equal(data, received.ToArray());

        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await loop.SockRecv(server, 10));
        await loop.SockSendall(server, default);
        Assert.Equal(0, await loop.SockRecvInto(server, default));
    });

    /// <summary>.NET's usual constructor makes a socket of IPv6 that takes both kinds of addresses.</summary>
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_dual_socket_connects_to_either_kind_of_address(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        using var listener = Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        foreach (EndPoint address in new EndPoint[] { new IPEndPoint(IPAddress.Loopback, port), new DnsEndPoint("127.0.0.1", port) })
        {
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            var accepting = Aio.CreateTask(loop.SockAccept(listener));
            await loop.SockConnect(client, address);
            using var server = await accepting;
            await loop.SockSendall(client, "hello"u8.ToArray());
            Assert.Equal("hello"u8.ToArray(), await loop.SockRecv(server, 10));
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void An_unknown_name_is_named(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var error = await Assert.ThrowsAsync<SocketException>(async () => await Aio.OpenConnection("no-such-host.invalid", 80));
        Assert.Contains("no-such-host.invalid", error.Message);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_socket_closed_by_its_owner_is_forgotten(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        for (var i = 0; i < 200; i++)
        {
            var (ours, theirs) = Stage.Pair();
            theirs.Send([1, 2, 3]);
            Assert.Equal(3, await loop.SockRecvInto(ours, new byte[10]));
            ours.Dispose();
            theirs.Dispose();
            try
            {
                await loop.SockRecv(ours, 1);
                Assert.Fail("A closed socket received.");
            }
            catch (ObjectDisposedException)
            {
                // As it must.
            }
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_socket_goes_on_where_the_loop_ends(ReactorKind kind)
    {
        var (ours, theirs) = Stage.Pair();
        Stage.Run(kind, async loop =>
        {
            await loop.SockSendall(ours, new byte[] { 1 });
            var receiving = Aio.CreateTask(loop.SockRecv(ours, 1));
            await Aio.Sleep(0.01);
            receiving.Cancel();
        });
        ours.Blocking = true;
        theirs.Send([2]);
        var buffer = new byte[10];
        Assert.Equal(1, ours.Receive(buffer));
        Assert.Equal(1, theirs.Receive(buffer));
        ours.Send([3]);
        Assert.Equal(1, theirs.Receive(buffer));
        ours.Dispose();
        Assert.Equal(0, theirs.Receive(buffer));
        theirs.Dispose();
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Datagrams(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var one = Datagram();
        using var other = Datagram();
        Assert.Equal(3, await loop.SockSendTo(one, "abc"u8.ToArray(), other.LocalEndPoint!));
        var (data, sender) = await loop.SockRecvFrom(other, 100);
        Assert.Equal("abc"u8.ToArray(), data);
        Assert.Equal(one.LocalEndPoint, sender);
        await loop.SockSendTo(other, "wxyz"u8.ToArray(), sender);
        var buffer = new byte[2];
        Assert.Equal((2, other.LocalEndPoint), await loop.SockRecvFromInto(one, buffer));
        Assert.Equal("wx"u8.ToArray(), buffer);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Errors_are_thrown_at_the_await(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await loop.SockConnect(client, new IPEndPoint(IPAddress.Loopback, 1));
            Assert.Fail("Nobody listens there.");
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
            Assert.Contains("Connect call failed", e.Message);
        }

        var (ours, theirs) = Stage.Pair();
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        var error = await Assert.ThrowsAsync<SocketException>(async () => await loop.SockRecv(ours, 1));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        ours.Dispose();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Readers_and_writers_are_called_while_they_are_ready(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var (ours, theirs) = Stage.Pair();
        var (first, second, writes) = (0, 0, 0);
        loop.AddReader(ours, () => { first++; });
        await Aio.Sleep(0.02);
        Assert.Equal(0, first);
        theirs.Send([1, 2, 3]);
        await Stage.Until(() => first >= 3); // as long as nobody receives
        loop.AddReader(ours, () =>
        {
            second++;
            ours.Receive(new byte[10]);
        });
        var before = first;
        await Stage.Until(() => second == 1);
        await Aio.Sleep(0.02);
        Assert.Equal((before, 1), (first, second));

        loop.AddWriter(ours, () => { writes++; });
        await Stage.Until(() => writes >= 3);
        Assert.True(loop.RemoveWriter(ours));
        Assert.False(loop.RemoveWriter(ours));
        var written = writes;
        await Aio.Sleep(0.02);
        Assert.Equal(written, writes);

        Assert.True(loop.RemoveReader(ours));
        theirs.Send([4]);
        await Aio.Sleep(0.02);
        Assert.Equal(1, second);
        ours.Dispose();
        theirs.Dispose();
    });

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(10);
        return listener;
    }

    private static Socket Datagram()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
