using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio.IO.Tests.Streams;

/// <summary>A connection over TLS with a protocol at one end and .NET's own blocking stream at the other, which does what well-behaved peers do not.</summary>
internal sealed class TlsPeer : IDisposable
{
    private TlsPeer(Socket socket, SslStream stream, Transport transport)
    {
        Socket = socket;
        Stream = stream;
        Transport = transport;
    }

    public Socket Socket { get; }

    public SslStream Stream { get; }

    /// <summary>Of the protocol.</summary>
    public Transport Transport { get; }

    public static async Coroutine<TlsPeer> Connect(BaseProtocol protocol)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = Aio.CreateTask(Aio.GetRunningLoop().CreateConnection(
            () => protocol, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Certificates.ClientOptions, "localhost"));
        var (socket, stream) = await Aio.ToThread(() =>
        {
            var socket = listener.AcceptSocket();
            socket.NoDelay = true; // what is written is on its way when it is reset
            socket.ReceiveTimeout = socket.SendTimeout = 20_000;
            var stream = new SslStream(new NetworkStream(socket));
            stream.AuthenticateAsServer(Certificates.ServerOptions);
            return (socket, stream);
        });
        return new TlsPeer(socket, stream, (await connecting).Transport);
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public void Dispose()
    {
        Transport.Abort();
        Socket.Dispose();
    }
}
