using System.Net;

namespace Asyncio.Http;

/// <summary>
/// Makes HTTP requests and keeps what is common to them: connections, cookies, limits. Make one for a program or a service, not one a request. Aiohttp:
/// <c>ClientSession</c>.
/// </summary>
/// <remarks>
/// It belongs to the loop that runs when it is made: its members are called there. A request is part of the task that awaits it: cancelling the task, or a
/// timeout around the await, aborts the request at once. All errors are in the tree of <see cref="IClientError"/>.
/// </remarks>
/// <example><code>
/// await using var session = new Asyncio.Http.ClientSession();
/// await using var response = await session.GetAsync("https://example.com/");
/// response.RaiseForStatus();
/// Console.WriteLine(await response.TextAsync());
/// </code></example>
public sealed partial class ClientSession : IAsyncDisposable
{
    private readonly EventLoop _loop;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private readonly SessionConnections _connections;
    private readonly Admission _admission;
    private readonly Dictionary<RetryOptions, Retrying> _retrying = [];
    private readonly HashSet<AsyncTimeout> _running = [];
    private readonly ClientHandler _send;
    private Future<Unit>? _idle;

    /// <summary>A session that asks for absolute URLs and has the limits of <see cref="ClientSessionOptions"/>.</summary>
    /// <exception cref="InvalidOperationException">No loop runs in this thread.</exception>
    public ClientSession()
        : this(new ClientSessionOptions())
    {
    }

    /// <summary>A session.</summary>
    /// <exception cref="InvalidOperationException">No loop runs in this thread.</exception>
    public ClientSession(ClientSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _loop = Aio.GetRunningLoop();
        _connections = new SessionConnections(_loop, options);
        _admission = new Admission(_loop, options);
        _handler = MakeHandler(options, _connections);
        _invoker = new HttpMessageInvoker(_handler, disposeHandler: true);
        _send = SendWithRetriesAsync;
        foreach (var middleware in options.Middlewares.Reverse())
        {
            _send = Wrap(middleware, _send);
        }
    }

    /// <summary>What it was made with.</summary>
    public ClientSessionOptions Options { get; }

    /// <summary>True after <see cref="DisposeAsync"/> has begun. Aiohttp: <c>closed</c>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Ends every request that is under way and every connection, and waits until they are gone: no descriptor is left behind. A second call waits as well.
    /// Aiohttp: <c>close()</c>.
    /// </summary>
    /// <remarks>Requests that are under way end with a <see cref="ClientConnectionException"/>. Cancelling the wait leaves the rest to go on by itself.</remarks>
    public async Coroutine DisposeAsync()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            foreach (var scope in _running)
            {
                if (!scope.Expired())
                {
                    scope.Reschedule(_loop.Time());
                }
            }

            _invoker.Dispose();
        }

        if (_running.Count > 0)
        {
            _idle ??= _loop.CreateFuture<Unit>();
            await Aio.Shield(_idle);
        }

        await _connections.CloseAsync();
        _admission.Dispose();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>For logs: the base address, and whether it is open.</summary>
    public override string ToString() => $"<ClientSession {(Options.BaseAddress is { } address ? $"{address} " : "")}{(IsClosed ? "closed" : "open")}>";

    private static SocketsHttpHandler MakeHandler(ClientSessionOptions options, SessionConnections connections)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // followed here, where they are counted, shown, and stripped of what is for another origin
            AutomaticDecompression = options.Decompress ? DecompressionMethods.All : DecompressionMethods.None,
            ConnectCallback = connections.ConnectAsync,
            ConnectTimeout = double.IsPositiveInfinity(options.Timeout.Connect) ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Math.Min(options.Timeout.Connect, 1e6)),
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = (options.MaxHeadSize + 1023) / 1024,
            PlaintextStreamFilter = SessionConnections.Connected,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(Math.Min(options.KeepAlive, 1e6)),
            UseCookies = options.Cookies is not null,
            UseProxy = options.Proxy is not null || options.TrustEnvironment,
            Proxy = options.Proxy,
        };
        if (options.Cookies is not null)
        {
            handler.CookieContainer = options.Cookies;
        }

        if (options.Tls is not null)
        {
            handler.SslOptions = options.Tls;
        }

        return handler;
    }

    private static ClientHandler Wrap(ClientMiddleware middleware, ClientHandler next) => request => middleware(request, next);

    private void CheckUsable()
    {
        if (IsClosed)
        {
            throw new InvalidOperationException("Session is closed.");
        }

        if (!ReferenceEquals(EventLoop.Running, _loop))
        {
            throw new InvalidOperationException("A session belongs to the loop that ran when it was made; another loop, or another thread, cannot use it.");
        }
    }
}
