using System.Diagnostics;
using System.Net.Sockets;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Accepts connections, and knows those it has accepted. The counterpart of <c>asyncio.Server</c>.</summary>
/// <remarks>
/// <c>await using</c> closes it and waits until the last connection is gone; it does not begin to serve by itself.
/// Not thread-safe: only the loop's thread may use it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Server : IAsyncDisposable
{
    private readonly Func<BaseProtocol> _protocolFactory;
    private readonly Listener[] _listeners;
    private readonly HashSet<BaseTransport> _clients = new(ReferenceEqualityComparer.Instance);
    private readonly Future<Unit> _gone;
    private Future<Unit>? _servingForever;
    private bool _closed;

    internal Server(EventLoop loop, IEnumerable<Socket> sockets, Func<BaseProtocol> protocolFactory, int backlog, UnixSocketFile? file = null)
    {
        Loop = loop;
        _protocolFactory = protocolFactory;
        _listeners = [.. sockets.Select(socket => new Listener(this, socket, backlog))];
        _file = file;
        _gone = loop.CreateFuture<Unit>();
    }

    /// <summary>Its loop. Asyncio: <c>get_loop()</c>.</summary>
    public EventLoop Loop { get; }

    /// <summary>What it listens on; nothing after <see cref="Close"/>. Asyncio: <c>sockets</c>.</summary>
    public IReadOnlyList<Socket> Sockets => _closed ? [] : [.. _listeners.Select(listener => listener.Socket)];

    /// <summary>True while it accepts connections. Asyncio: <c>is_serving()</c>.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Begins to accept connections. Does nothing a second time. Asyncio: <c>start_serving()</c>.</summary>
    /// <exception cref="InvalidOperationException">It is closed.</exception>
    public async Coroutine StartServingAsync()
    {
        Start();
        await Aio.Yield();
    }

    /// <summary>Serves until it is closed or the task is cancelled; then it is closed, and its clients are waited for. Asyncio: <c>serve_forever()</c>.</summary>
    /// <exception cref="InvalidOperationException">It is closed, or somebody serves already.</exception>
    /// <exception cref="CancelledException">Always, if nothing else: by the task's cancellation or by <see cref="Close"/>.</exception>
    /// <remarks>
    /// <para>
    /// As asyncio's, it does not end before the last client is gone, however long that takes: a client that stays keeps the program from
    /// ending. A second cancellation ends the wait. A server that is to end within some time is closed so:
    /// </para>
    /// <code>
    /// await using var server = await Aio.StartServer(async (reader, writer) =&gt; await writer.CloseAsync(), "localhost", 8888);
    /// await foreach (var signal in Aio.Signals(PosixSignal.SIGINT, PosixSignal.SIGTERM))
    /// {
    ///     break;
    /// }
    ///
    /// await server.CloseAsync(5); // five seconds for the clients and their handlers; then they are ended
    /// </code>
    /// </remarks>
    public async Coroutine ServeForeverAsync()
    {
        if (_servingForever is not null)
        {
            throw new InvalidOperationException($"The server {this} is already being awaited on ServeForeverAsync().");
        }

        Start();
        _servingForever = Loop.CreateFuture<Unit>();
        try
        {
            await _servingForever;
        }
        catch (CancelledException)
        {
            Close();
            await WaitClosedAsync();
            throw;
        }
        finally
        {
            _servingForever = null;
        }
    }

    /// <summary>Stops listening, at once. Connections go on. Ends <see cref="ServeForeverAsync"/>. Does nothing a second time. Asyncio: <c>close()</c>.</summary>
    public void Close()
    {
        Loop.CheckThread();
        if (_closed)
        {
            return;
        }

        _closed = true;
        IsServing = false;
        foreach (var listener in _listeners)
        {
            listener.Close();
        }

        _file?.Delete(Loop);
        _servingForever?.Cancel();
        CompleteIfGone();
    }

    /// <summary>Waits until it is closed and the last connection is gone. Asyncio: <c>wait_closed()</c>.</summary>
    public async Coroutine WaitClosedAsync() => await Aio.Shield(_gone);

    /// <summary>Closes each connection: what was written is still sent, and over TLS the peer is told. One whose handshake is under way is ended. Asyncio: <c>close_clients()</c>.</summary>
    public void CloseClients()
    {
        foreach (var client in _clients.ToArray())
        {
            TlsProtocol.TopOf(client).Close();
        }
    }

    /// <summary>Ends each connection at once. Asyncio: <c>abort_clients()</c>.</summary>
    public void AbortClients()
    {
        foreach (var client in _clients.ToArray())
        {
            TlsProtocol.TopOf(client).Abort();
        }
    }

    /// <summary>
    /// Closes it in order: no new connections, time for those that are there and for the handlers of a stream server to end by themselves.
    /// Then the connections are ended and the handlers are cancelled. Returns when all are gone.
    /// </summary>
    /// <param name="seconds">How much time they have.</param>
    /// <remarks>A handler may call it: it does not wait for itself, only for its connection, which is ended with the others if it is still there.</remarks>
    public async Coroutine CloseAsync(double seconds)
    {
        Durations.Delay(seconds);
        Close();
        await Aio.Wait([_gone, .. OtherHandlers()], seconds);
        _isOver = true;
        AbortClients();
        foreach (var handler in OtherHandlers())
        {
            handler.Cancel();
        }

        await Aio.Wait([_gone, .. OtherHandlers()]);
    }

    /// <inheritdoc cref="CloseAsync(double)"/>
    /// <param name="deadline">How much time they have; <see cref="Timeout.InfiniteTimeSpan"/> is without limit.</param>
    public Coroutine CloseAsync(TimeSpan deadline) => CloseAsync(Durations.Limit(deadline));

    private AsyncTask[] OtherHandlers() => [.. Handlers.Where(handler => !ReferenceEquals(handler, Aio.CurrentTask()))];

    /// <summary>Closes it and waits until the last connection is gone.</summary>
    public Coroutine DisposeAsync()
    {
        Close();
        return WaitClosedAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>Where it listens and how it stands.</summary>
    public override string ToString() =>
        $"<Server {(_closed ? "closed" : string.Join(", ", Sockets.Select(SocketNames.Local)))}>";
}
