using System.Net;
using System.Net.Sockets;
using Asyncio.IO.Tests.Reactors;
using Asyncio.IO.Tests.Transports;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Sockets;

/// <summary>Sockets that are not what is wanted, or not to be had: what is said, and when.</summary>
public class WrongSocketTests
{
    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void One_that_is_not_connected_is_refused_at_once(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var tape = new Tape();
        await Refused(async () => await loop.CreateConnection(() => tape, socket));
        await Refused(async () => await loop.ConnectAcceptedSocket(() => tape, socket));
        await Refused(async () => await Aio.OpenConnection(socket));
        Assert.Empty(tape.Events);

        // It stays the caller's, and can be made good.
        await using var server = await loop.CreateServer(() => new Tape(), "127.0.0.1", 0);
        await loop.SockConnect(socket, new IPEndPoint(IPAddress.Loopback, Stage.PortOf(server)));
        var (transport, _) = await loop.CreateConnection(() => tape, socket);
        transport.Close();
        await tape.Lost();

        static async Coroutine Refused(Func<Coroutine> call)
        {
            var error = await Assert.ThrowsAsync<SocketException>(async () => await call());
            Assert.Equal(SocketError.NotConnected, error.SocketErrorCode);
            Assert.Contains("SockConnect", error.Message);
        }
    });

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void One_that_was_connected_behind_the_back_of_dotnet_is_good(ReactorKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is connected by Linux's own call.");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(0, Connect(socket, listener.LocalEndPoint!.Serialize()));
        Assert.False(socket.Connected);
        Stage.Run(kind, async loop =>
        {
            var (transport, tape) = await loop.CreateConnection(() => new Tape(), socket);
            using var peer = listener.Accept();
            peer.Send("hello"u8);
            await Stage.Until(() => tape.Text == "hello");
            transport.Close();
            await tape.Lost();
        });
    }

    [Theory, MemberData(nameof(Kinds.All), MemberType = typeof(Kinds))]
    public void Who_has_too_many_open_is_told_how_many_there_may_be(ReactorKind kind) => Stage.Run(kind, async loop =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is Linux's.");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using (var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            // Once without the limit: what runs under it must be loaded by then.
            var accepting = Aio.CreateTask(loop.SockAccept(listener));
            await loop.SockConnect(client, listener.LocalEndPoint);
            (await accepting).Dispose();
            (await Aio.OpenConnection("127.0.0.1", port)).Writer.Transport.Abort();
            (await loop.SockAccept(listener)).Dispose();
            await Told(async () => throw await Failure());
            await Caught(async () => await Aio.OpenConnection("127.0.0.1", 1));
        }

        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        waiting.Connect(listener.LocalEndPoint);
        Exception opening, accepted;
        using (Descriptors.Exhaust())
        {
            opening = await Caught(async () => await Aio.OpenConnection("127.0.0.1", port));
            accepted = await Caught(async () => await loop.SockAccept(listener));
        }

        await Told(() => throw opening);
        await Told(() => throw accepted);

        static async Coroutine<Exception> Failure()
        {
            await Aio.Yield();
            return SocketErrors.Of(SocketError.TooManyOpenSockets);
        }

        static async Coroutine<Exception> Caught(Func<Coroutine> call)
        {
            try
            {
                await call();
            }
            catch (SocketException e)
            {
                return e;
            }

            return new InvalidOperationException("It was possible.");
        }

        static async Coroutine Told(Func<Coroutine> call)
        {
            var error = await Assert.ThrowsAsync<SocketException>(async () => await call());
            Assert.Equal(SocketError.TooManyOpenSockets, error.SocketErrorCode);
            Assert.Matches(@"Too many open files: this process may have \d+ at a time\. .*ulimit -n", error.Message);
        }
    });

    private static unsafe int Connect(Socket socket, SocketAddress address)
    {
        fixed (byte* bytes = address.Buffer.Span)
        {
            return Libc.Connect((int)socket.SafeHandle.DangerousGetHandle(), bytes, address.Size);
        }
    }
}
