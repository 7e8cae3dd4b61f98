using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

public class RefusedRequestTests
{
    [Fact]
    public void What_the_reactor_has_refused_by_an_exception_it_does_not_end_later() => Aio.Run(
        async () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var loop = Aio.GetRunningLoop();
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await loop.SockConnect(socket, new ForeignAddress()));

            // The frame of the await is used again by the next one, which must not get the end of the first.
            var next = Aio.CreateTask(Receive(loop));
            await Aio.Sleep(0);
            loop.CloseBorrowed(socket);
            await Aio.Sleep(0);
            await Aio.Sleep(0);
            Assert.False(next.IsCompleted);
            next.Cancel();
        },
        loopFactory: () => new EventLoop(new EventLoopOptions { Reactor = ReactorKind.Portable }));

    private static async Coroutine Receive(EventLoop loop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await loop.SockRecvInto(socket, new byte[1]);
    }

    /// <summary>Of a kind that is not the socket's.</summary>
    private sealed class ForeignAddress : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Unspecified;

        public override SocketAddress Serialize() => new(AddressFamily.Unspecified, 16);
    }
}
