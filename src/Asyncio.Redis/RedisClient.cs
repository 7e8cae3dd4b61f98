using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

/// <summary>
/// A client of a Redis server (6 or later, RESP3): <c>await using var redis = new RedisClient("redis://localhost"); await redis.SetAsync("key", "value");</c>.
/// All tasks of a loop share one. The counterpart of redis-py's <c>redis.asyncio.Redis</c>.
/// </summary>
/// <remarks>
/// <para>
/// It connects when the first command needs it, and again, with growing pauses, when a command comes after the connection was lost. What was under way then
/// fails with <see cref="RedisConnectionException"/>; it is not sent again, because it may have run.
/// </para>
/// <para>
/// Ordinary commands share one connection. Those that wait in the server, and what <see cref="AcquireAsync"/> gives, take connections from a pool; each
/// subscription has its own.
/// </para>
/// <para>It belongs to the loop that first uses it, and to its thread.</para>
/// </remarks>
public sealed partial class RedisClient : RedisCommands, IAsyncDisposable
{
    private ClientCore? _core;
    private bool _disposed;

    /// <summary>A client; does not connect.</summary>
    /// <param name="url">See <see cref="RedisOptions.Parse"/>.</param>
    /// <exception cref="RedisUrlException">It is no URL of a server.</exception>
    public RedisClient(string url = "redis://localhost")
        : this(RedisOptions.Parse(url))
    {
    }

    /// <summary>A client; does not connect.</summary>
    /// <param name="options">Where the server is, and the limits.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public RedisClient(RedisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
    }

    /// <summary>Where the server is, and the limits.</summary>
    public RedisOptions Options { get; }

    /// <summary>True while the shared connection is there. It may be broken without anybody having noticed.</summary>
    public bool IsConnected => _core?.Shared.Current is not null;

    /// <summary>How many connections of the pool are open, and how many of them nobody uses.</summary>
    public (int Open, int Idle) PoolSize => _core is { } core ? (core.Pool.Count, core.Pool.IdleCount) : default;

    /// <summary>Connects now, if it is not connected. Not necessary: the first command does.</summary>
    /// <exception cref="RedisConnectionException">There is no server, or it does not let this client in.</exception>
    /// <remarks>Suspends unless it is connected. Cancelled, it leaves the attempt to whoever else waits for it.</remarks>
    public async Coroutine ConnectAsync() => await Core.Shared.GetAsync("connect");

    /// <summary>
    /// A connection of one's own from the pool, for commands that change it or must not be mixed with others:
    /// <c>await using var connection = await redis.AcquireAsync()</c>.
    /// </summary>
    /// <exception cref="RedisPoolException">None became free in <see cref="RedisOptions.PoolTimeout"/>.</exception>
    /// <exception cref="RedisConnectionException">There is no server.</exception>
    /// <remarks>Suspends until there is one. Cancelling the wait leaves the line.</remarks>
    public async Coroutine<RedisConnection> AcquireAsync()
    {
        var core = Core;
        return new RedisConnection(core, await core.Pool.RentAsync("AcquireAsync"));
    }

    /// <summary>A transaction; nothing is sent before it is executed.</summary>
    public RedisTransaction CreateTransaction() => new(() => Core.Shared.GetAsync("MULTI"), null);

    /// <summary>Closes all connections, and waits until they are. What waits for replies fails. Does nothing a second time.</summary>
    /// <remarks>Suspends until the sockets are closed: what was written is still sent, but a server that does not read is waited for no longer than a second.</remarks>
    public async Coroutine DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var subscription in _subscriptions.ToArray())
        {
            await subscription.DisposeAsync();
        }

        if (_core is { } core)
        {
            await core.CloseAsync();
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private ClientCore Core
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var loop = Aio.GetRunningLoop();
            _core ??= new ClientCore(loop, Options);
            return ReferenceEquals(_core.Loop, loop)
                ? _core
                : throw new InvalidOperationException("This RedisClient is used by another event loop; each loop needs a client of its own.");
        }
    }

    private protected override Link? ReadyLink => Core.Shared.Ready;

    private protected override Coroutine<Link> LinkAsync(string command) => Core.Shared.GetAsync(command);

    private protected override async Coroutine<T> RunBlocking<T>(Request request, Func<RedisReply, T> convert, double seconds) =>
        await Core.RunBlocking(request, convert, seconds);

    private protected override Coroutine<RedisReply> RunAny(Request request)
    {
        if (CommandPolicy.IsStateful(request))
        {
            throw new ArgumentException($"{request.Name} changes the connection that it runs on, which all tasks share: use AcquireAsync, CreateTransaction or TransactionAsync.");
        }

        return CommandPolicy.Blocks(request, out var seconds) ? RunBlocking(request, Reply.Raw, seconds) : Run(request, Reply.Raw);
    }
}
