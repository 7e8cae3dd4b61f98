using System.Net;
using System.Net.Sockets;

namespace Asyncio.Http;

/// <summary>
/// The connections of a session: made of the loop's own streams, over which the handler speaks HTTP. So what an answer brings is read on the loop's thread and
/// goes on there, and the session knows every connection that it has to wait for in the end.
/// </summary>
internal sealed class SessionConnections(EventLoop loop, ClientSessionOptions options)
{
    private static readonly HttpRequestOptionsKey<Exchange> s_exchange = new("Asyncio.Http.Exchange");

    private readonly List<AsyncStreamWriter> _open = [];
    private readonly HashSet<AsyncTask<Stream>> _connecting = [];
    private int _pruneAt = 16;
    private bool _closed;

    public static void Attach(HttpRequestMessage message, Exchange exchange) => message.Options.Set(s_exchange, exchange);

    /// <summary>What the handler calls, on a thread of its own.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        _ = context.InitialRequestMessage.Options.TryGetValue(s_exchange, out var exchange);
        return await Aio.RunCoroutineThreadsafe(ConnectOnLoop(context.DnsEndPoint, exchange), loop, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Called when the connection is complete: with the proxy's tunnel, and TLS.</summary>
    public static ValueTask<Stream> Connected(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(s_exchange, out var exchange))
        {
            exchange.Watch?.Enter(ClientTimeoutPhase.Read);
        }

        return ValueTask.FromResult(context.PlaintextStream);
    }

    /// <summary>Ends every connection and waits until it is gone.</summary>
    public async Coroutine CloseAsync()
    {
        _closed = true;
        foreach (var task in _connecting)
        {
            task.Cancel();
        }

        foreach (var writer in _open)
        {
            writer.Abort();
        }

        if (_connecting.Count > 0)
        {
            await Aio.Wait([.. _connecting]);
        }

        foreach (var writer in _open.ToArray())
        {
            await WaitClosedAsync(writer);
        }

        _open.Clear();
    }

    private async Coroutine<Stream> ConnectOnLoop(DnsEndPoint target, Exchange? exchange)
    {
        if (_closed)
        {
            throw new IOException("The session was closed.");
        }

        exchange?.Watch?.Enter(ClientTimeoutPhase.Connect);
        var task = Aio.CreateTask(OpenAsync(target));
        _connecting.Add(task);
        exchange?.Connects(task);
        try
        {
            return await task;
        }
        catch when (task.IsCompletedSuccessfully)
        {
            await task.Result().DisposeAsync(); // cancelled just after it was made
            throw;
        }
        finally
        {
            _connecting.Remove(task);
        }
    }

    private async Coroutine<Stream> OpenAsync(DnsEndPoint target)
    {
        var (_, writer) = options.UnixSocketPath is { } path
            ? await Aio.OpenUnixConnection(path)
            : await Aio.OpenConnection(target.Host, target.Port, happyEyeballsDelay: 0.25);
        Keep(writer);
        return writer.AsStream();
    }

    private void Keep(AsyncStreamWriter writer)
    {
        if (_open.Count >= _pruneAt)
        {
            _open.RemoveAll(other => other.IsClosing);
            _pruneAt = Math.Max(16, 2 * _open.Count);
        }

        _open.Add(writer);
    }

    private static async Coroutine WaitClosedAsync(AsyncStreamWriter writer)
    {
        try
        {
            await writer.WaitClosedAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // How it ended does not matter any more.
        }
    }
}
