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
        if (tls is null)
        {
            return (reader, new AsyncStreamWriter(await target.Connect(loop, protocol), protocol, reader));
        }

        var below = new TlsProtocol(loop, tls, protocol, isAccepted: false);
        await target.Connect(loop, below);
        var secured = await below.HandshakeAsync();
        secured.Begin();
        return (reader, new AsyncStreamWriter(secured, protocol, reader));
    }

    /// <summary>What to connect to.</summary>
    internal abstract class Target
    {
        internal abstract Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol);
    }

    internal sealed class To(string? host, int port, AddressFamily family, EndPoint? localAddress, double happyEyeballsDelay) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol) =>
            (await loop.CreateConnection(() => protocol, host, port, family, localAddress, happyEyeballsDelay)).Transport;
    }

    internal sealed class Over(Socket socket) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol) =>
            (await loop.CreateConnection(() => protocol, socket)).Transport;
    }

    internal sealed class ToFile(string path) : Target
    {
        internal override async Coroutine<Transport> Connect(EventLoop loop, BaseProtocol protocol) =>
            (await loop.CreateUnixConnection(() => protocol, path)).Transport;
    }
}
