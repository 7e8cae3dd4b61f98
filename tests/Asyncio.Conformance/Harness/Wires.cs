using System.Net;
using System.Net.Sockets;

namespace Asyncio.Conformance;

/// <summary>Connected sockets, and ways to wait: the counterpart of <c>python/wires.py</c>.</summary>
/// <remarks>Nothing here depends on time or on where the system cuts a stream into pieces.</remarks>
internal static class Wires
{
    /// <summary>More than the system takes while nobody reads.</summary>
    public const int Big = 8_000_000;

    public static readonly IPAddress Local = IPAddress.Loopback;

    /// <summary>Two connected sockets.</summary>
    public static (Socket Ours, Socket Theirs) Pair()
    {
        using var listener = Tcp();
        listener.Bind(new IPEndPoint(Local, 0));
        listener.Listen();
        var ours = Tcp();
        ours.Connect(listener.LocalEndPoint!);
        var theirs = listener.Accept();
        theirs.NoDelay = true;
        return (ours, theirs);
    }

    public static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public static Socket Udp() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>A port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var socket = Tcp();
        socket.Bind(new IPEndPoint(Local, 0));
        return PortOf(socket);
    }

    public static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    public static int PortOf(Server server) => PortOf(server.Sockets[0]);

    /// <summary>Closes it so that the peer gets a reset.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public static void Send(this Socket socket, string data) => socket.Send(Bytes(data));

    public static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    /// <summary>All until the end of the stream, which a reset is, too; closes the socket.</summary>
    public static async Coroutine<byte[]> ReceiveAll(Socket socket)
    {
        var loop = Aio.GetRunningLoop();
        var data = new MemoryStream();
        var buffer = new byte[256 * 1024];
        using (socket)
        {
            try
            {
                while (await loop.SockRecvInto(socket, buffer) is > 0 and var count)
                {
                    data.Write(buffer, 0, count);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
            }
        }

        return data.ToArray();
    }

    /// <summary>So many bytes.</summary>
    public static async Coroutine<byte[]> Receive(Socket socket, int count)
    {
        var loop = Aio.GetRunningLoop();
        var data = new byte[count];
        var received = 0;
        while (received < count)
        {
            var more = await loop.SockRecvInto(socket, data.AsMemory(received));
            if (more == 0)
            {
                break;
            }

            received += more;
        }

        return data[..received];
    }

    /// <summary>Lets the loop run until it is so.</summary>
    public static async Coroutine Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Aio.Sleep(0.001);
        }
    }

    /// <summary>Lets the loop tell everything that the system has for it by now.</summary>
    public static async Coroutine Settle()
    {
        var loop = Aio.GetRunningLoop();
        var (ours, theirs) = Pair();
        using (ours)
        using (theirs)
        {
            for (var i = 0; i < 2; i++)
            {
                var receiving = Aio.CreateTask(loop.SockRecv(ours, 1));
                await Spin(2);
                theirs.Send("x");
                await receiving;
            }
        }

        await Spin(4);
    }
}
