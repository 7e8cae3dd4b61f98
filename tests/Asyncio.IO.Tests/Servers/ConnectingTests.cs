using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Servers;

public class ConnectingTests
{
    private static readonly IPEndPoint Refusing = new(IPAddress.Loopback, 1);

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Errors_say_what_was_tried(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var error = await ServerTests.Fails<SocketException>(loop.CreateConnection(() => new Tape(), "127.0.0.1", 1));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Contains("127.0.0.1:1", error.Message);

        error = await ServerTests.Fails<SocketException>(loop.CreateConnection(() => new Tape(), "no-such-host.invalid", 1));
        Assert.True(error.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData, error.ToString());

        await ServerTests.Fails<ArgumentOutOfRangeException>(loop.CreateConnection(() => new Tape(), "127.0.0.1", 70_000));

        error = await ServerTests.Fails<SocketException>(
            loop.CreateConnection(() => new Tape(), "127.0.0.1", 1, localAddress: new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Assert.Contains("no matching local address", error.Message);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void A_connection_can_come_from_a_given_address(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var server = await loop.CreateServer(ServerTests.Echo([]), "127.0.0.1", 0);
        var local = new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0);
        var (transport, tape) = await loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server), localAddress: local);
        Assert.Equal(local.Address, transport.GetExtraInfo<IPEndPoint>("sockname")!.Address);
        transport.Close();
        await tape.Lost();
        await server.DisposeAsync();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_next_address_is_tried_when_one_refuses(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var listener = Listen();
        foreach (var delay in new[] { double.PositiveInfinity, 0.01, 100, 0 })
        {
            var race = new ConnectionRace(loop, [Refusing, (IPEndPoint)listener.LocalEndPoint!, Refusing], null);
            var socket = await race.Run(delay);
            Assert.NotNull(socket);
            Assert.True(socket.Connected);
            Assert.Equal(listener.LocalEndPoint, socket.RemoteEndPoint);
            loop.CloseBorrowed(socket);
            listener.Accept().Dispose();
        }

        var lost = new ConnectionRace(loop, [Refusing, Refusing], null);
        Assert.Null(await lost.Run(double.PositiveInfinity));
        Assert.Equal(2, lost.Errors.Count);
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void The_next_address_is_tried_when_one_does_not_answer(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        // A listener whose queue is full does not answer.
        using var silent = Listen(backlog: 0);
        var full = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            full.Add(socket);
            try
            {
                socket.Connect(silent.LocalEndPoint!);
            }
            catch (SocketException)
            {
                // Under way.
            }
        }

        using var listener = Listen();
        var before = Stage.OpenSockets;
        var race = new ConnectionRace(loop, [(IPEndPoint)silent.LocalEndPoint!, (IPEndPoint)listener.LocalEndPoint!], null);
        var winner = await race.Run(0.05);
        Assert.Equal(listener.LocalEndPoint, winner!.RemoteEndPoint);
        loop.CloseBorrowed(winner);
        await Stage.Until(() => Stage.OpenSockets <= before);

        full.ForEach(socket => socket.Dispose());
    });

    [Theory]
    [InlineData(0, "4a 4b 4c 6a 6b")]
    [InlineData(1, "4a 6a 4b 6b 4c")]
    [InlineData(2, "4a 4b 6a 4c 6b")]
    [InlineData(9, "4a 4b 4c 6a 6b")]
    public void Addresses_alternate_as_asked(int ahead, string expected)
    {
        IPEndPoint[] addresses =
        [
            .. new[] { "0.0.0.10", "0.0.0.11", "0.0.0.12", "::a", "::b" }.Select(text => new IPEndPoint(IPAddress.Parse(text), 0)),
        ];
        var ordered = AddressOrder.Interleave(addresses, ahead);
        Assert.Equal(expected, string.Join(' ', ordered.Select(Name)));

        static string Name(IPEndPoint address)
        {
            var last = address.Address.GetAddressBytes()[^1];
            return $"{(address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6)}{(char)('a' + last - 10)}";
        }
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Who_is_cancelled_at_any_moment_leaves_no_connection(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        var server = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0);
        var before = Stage.OpenSockets;
        for (var turns = 0; turns < 12; turns++)
        {
            for (var again = 0; again < 2; again++)
            {
                var connecting = Aio.CreateTask(loop.CreateConnection(() => new Tape(), "127.0.0.1", Stage.PortOf(server)));
                for (var i = 0; i < turns; i++)
                {
                    await Aio.Yield();
                }

                connecting.Cancel();
                if (again > 0)
                {
                    await Aio.Yield();
                    connecting.Cancel();
                }

                await Aio.Wait([connecting]);
                if (connecting.IsCompletedSuccessfully)
                {
                    connecting.Result().Transport.Close();
                }

                await Stage.Until(() => Stage.OpenSockets <= before);
            }
        }

        server.Close();
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Names_are_found(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 7), await loop.GetAddrInfo("localhost", 7, AddressFamily.InterNetwork));
        Assert.Equal([new IPEndPoint(IPAddress.Parse("1.2.3.4"), 7)], await loop.GetAddrInfo("1.2.3.4", 7));
        Assert.Empty(await loop.GetAddrInfo("1.2.3.4", 7, AddressFamily.InterNetworkV6));
        Assert.Contains(new IPEndPoint(IPAddress.Any, 7), await loop.GetAddrInfo(null, 7, passive: true));
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 7), await loop.GetAddrInfo("", 7));
        Assert.NotEmpty(await loop.GetNameInfo(new IPEndPoint(IPAddress.Loopback, 0)));
    });

    private static Socket Listen(int backlog = 10)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }
}
