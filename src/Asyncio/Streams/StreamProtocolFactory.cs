using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Makes the protocols of a stream server, one for each client.</summary>
internal sealed class StreamProtocolFactory
{
    private readonly Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> _handler;
    private readonly int _limit;
    private readonly TlsSettings? _tls;
    private readonly HashSet<AsyncTask> _handlers = new(ReferenceEqualityComparer.Instance); // those that run

    internal StreamProtocolFactory(Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> handler, int limit, TlsSettings? tls)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _handler = handler;
        _limit = limit;
        _tls = tls;
    }

    internal BaseProtocol Make()
    {
        var loop = EventLoop.RequireRunning();
        var protocol = new StreamReaderProtocol(new AsyncStreamReader(_limit, loop), new ClientHandler(loop, _handler, _handlers));
        return _tls is null ? protocol : new TlsProtocol(loop, _tls, protocol, isAccepted: true);
    }

    /// <summary>The server that uses it: it is told of the handlers, to wait for them when it closes in order.</summary>
    internal Server Serving(Server server)
    {
        server.Handlers = _handlers;
        return server;
    }

    internal static Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> Lift(Func<AsyncStreamReader, AsyncStreamWriter, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine Run(AsyncStreamReader reader, AsyncStreamWriter writer) => await handler(reader, writer);
    }

    internal static Func<AsyncStreamReader, AsyncStreamWriter, Coroutine> Lift(Action<AsyncStreamReader, AsyncStreamWriter> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (reader, writer) =>
        {
            handler(reader, writer);
            return Coroutine.Completed;
        };
    }
}
