using System.Net;
using System.Net.Sockets;
using Xunit;
using static Asyncio.IO.Tests.Faults.Scenario;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Programs on sockets of their own.</summary>
internal static class SocketScenarios
{
    /// <summary>Accept, connect, send all, send a file, receive.</summary>
    public static async Coroutine Streams()
    {
        var loop = Aio.GetRunningLoop();
        var data = Data(100_000);
        using var listener = Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var accepting = Aio.CreateTask(loop.SockAccept(listener));
        try
        {
            await loop.SockConnect(client, listener.LocalEndPoint!);
            using var server = await accepting;
            var received = new List<byte>();
            var receiving = Aio.CreateTask(Receive(server, received));
            try
            {
                await loop.SockSendall(client, data.AsMemory(0, 60_000));
                Assert.Equal(40_000, await loop.SockSendfile(client, new MemoryStream(data), offset: 60_000));
                client.Shutdown(SocketShutdown.Send);
                await receiving;
            }
            finally
            {
                receiving.Cancel();
                await Aio.Wait([receiving]);
                AssertBegins(data, received.ToArray());
            }

            AssertWhole(data, received.ToArray());
        }
        finally
        {
            accepting.Cancel();
            await Aio.Wait([accepting]);
            if (accepting.IsCompletedSuccessfully)
            {
                accepting.Result().Dispose();
            }
        }

        async Coroutine Receive(Socket socket, List<byte> received)
        {
            var buffer = new byte[30_000];
            while (await loop.SockRecvInto(socket, buffer) is var count and > 0)
            {
                received.AddRange(buffer.AsSpan(0, count));
            }
        }
    }

    /// <summary>Datagrams, whose sender is told.</summary>
    public static async Coroutine Datagrams()
    {
        var loop = Aio.GetRunningLoop();
        using var server = Bound();
        using var client = Bound();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(5, await loop.SockSendTo(client, "hello"u8.ToArray(), server.LocalEndPoint!));
            var (data, from) = await loop.SockRecvFrom(server, 100);
            Assert.Equal("hello"u8.ToArray(), data);
            Assert.Equal(client.LocalEndPoint, from);
        }
    }

    /// <summary>Callbacks while something can be read or written.</summary>
    public static async Coroutine Watching()
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Transports.Stage.Pair();
        using var first = ours;
        using var second = theirs;
        ours.Blocking = theirs.Blocking = false;
        var received = new List<byte>();
        var sent = 0;
        var data = Data(9_000);
        var done = new AsyncEvent();
        loop.AddWriter(ours, Write);
        loop.AddReader(theirs, Read);
        try
        {
            await done.WaitAsync();
            Assert.Equal(data, received);
        }
        finally
        {
            loop.RemoveWriter(ours);
            loop.RemoveReader(theirs);
        }

        void Write()
        {
            sent += ours.Send(data.AsSpan(sent, 3_000), SocketFlags.None, out var error);
            Assert.True(error is SocketError.Success or SocketError.WouldBlock);
            if (sent == data.Length)
            {
                loop.RemoveWriter(ours);
            }
        }

        void Read()
        {
            var buffer = new byte[2_000];
            received.AddRange(buffer.AsSpan(0, theirs.Receive(buffer, SocketFlags.None, out var error)));
            Assert.True(error is SocketError.Success or SocketError.WouldBlock); // woken for nothing it may be
            if (received.Count == data.Length)
            {
                done.Set();
            }
        }
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(5);
        return listener;
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
