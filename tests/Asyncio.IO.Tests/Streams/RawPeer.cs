using System.Net;
using System.Net.Sockets;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A connection with streams at one end and a plain blocking socket at the other, which does what well-behaved peers do not.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private RawPeer(Socket socket, AsyncStreamReader reader, AsyncStreamWriter writer)
    {
        Socket = socket;
        Reader = reader;
        Writer = writer;
    }

    public Socket Socket { get; }

    public AsyncStreamReader Reader { get; }

    public AsyncStreamWriter Writer { get; }

    public static async Coroutine<RawPeer> Connect(int limit = AsyncStreamReader.DefaultLimit)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (reader, writer) = await Aio.OpenConnection("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, limit);
        var socket = listener.AcceptSocket();
        socket.ReceiveTimeout = socket.SendTimeout = Hang.Milliseconds;
        return new RawPeer(socket, reader, writer);
    }

    /// <summary>On another thread: a channel closes its socket in a later turn of the loop, which must not be held up.</summary>
    public Coroutine<int> ReceiveAsync(byte[] buffer) => Aio.ToThread(() => Socket.Receive(buffer));

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public ValueTask DisposeAsync()
    {
        Writer.Close();
        Writer.Transport.Abort();
        Socket.Dispose();
        return default;
    }
}
