using System.Net;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Makes a reader and a writer of what connects.</summary>
internal static class StreamConnections
{
    internal static async Coroutine<(AsyncStreamReader Reader, AsyncStreamWriter Writer)> Open(int limit, TlsSettings? tls, Target target)
    {
        var loop = EventLoop.RequireRunning();
        var reader = new AsyncStreamReader(limit, loop);
        var protocol = new StreamReaderProtocol(reader);
        return (reader, new AsyncStreamWriter(await target.Connect(loop, protocol, tls), protocol, reader));
    }

    /// <summary>What to connect to.</summary>
    internal abstract class Target
    {
        internal abstract Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol, TlsSettings? tls);
    }

    internal sealed class To(string? host, int port, AddressFamily family, EndPoint? localAddress, double happyEyeballsDelay) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol, TlsSettings? tls) =>
            (await loop.CreateConnection(() => protocol, tls, host, port, family, localAddress, happyEyeballsDelay)).Transport;
    }

    internal sealed class Over(Socket socket) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol, TlsSettings? tls) =>
            (await loop.Connect(socket, () => protocol, tls)).Transport;
    }

    internal sealed class ToFile(string path) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol, TlsSettings? tls) =>
            (await loop.CreateUnixConnection(() => protocol, tls, path)).Transport;
    }
}
