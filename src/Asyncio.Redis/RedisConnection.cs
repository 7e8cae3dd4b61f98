using Asyncio.Redis.Connections;
using Asyncio.Redis.Resp;

namespace Asyncio.Redis;

/// <summary>A connection of one's own, from <see cref="RedisClient.AcquireAsync"/>: nobody else's commands are on it. Disposing gives it back.</summary>
/// <remarks>
/// One on which something was changed that the server remembers, or on which a command was given up, is closed instead. It does not connect again: once lost,
/// every command fails with <see cref="RedisConnectionException"/>.
/// </remarks>
public sealed class RedisConnection : RedisCommands, IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly Link _link;
    private bool _isChanged;
    private bool _isWatching;
    private bool _disposed;

    internal RedisConnection(ClientCore core, Link link)
    {
        _core = core;
        _link = link;
    }

    /// <summary>The server's number of it, as in <c>CLIENT LIST</c>.</summary>
    public long Id => _link.Id;

    /// <summary>False once it is lost.</summary>
    public bool IsConnected => _link.IsOpen;

    /// <summary>From here on, a transaction on this connection fails if somebody changes one of the keys before. Redis: <c>WATCH</c>.</summary>
    public Coroutine WatchAsync(params ReadOnlySpan<RedisValue> keys)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Length, nameof(keys));
        _isWatching = true;
        return Run(new Request("WATCH", keys.ToArray()));
    }

    /// <summary>Watches no more. Redis: <c>UNWATCH</c>.</summary>
    public async Coroutine UnwatchAsync()
    {
        await Run(new Request("UNWATCH"));
        _isWatching = false;
    }

    /// <summary>A transaction on this connection; nothing is sent before it is executed.</summary>
    public RedisTransaction CreateTransaction() => new(() => LinkAsync("MULTI"), () => _isWatching = false);

    /// <summary>Gives the connection back. Does not suspend.</summary>
    public Coroutine DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _core.Pool.Return(_link, isClean: !_isChanged && !_isWatching);
        }

        return Coroutine.Completed;
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private protected override Link? ReadyLink => !_disposed && _link.IsWritable ? _link : null;

    private protected override async Coroutine<Link> LinkAsync(string command)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!_link.IsWritable)
        {
            await _link.WritableAsync();
        }

        return _link;
    }

    private protected override async Coroutine<T> RunBlocking<T>(Request request, Func<RedisReply, T> convert, double seconds)
    {
        var link = ReadyLink ?? await LinkAsync(request.ToString());
        return await _core.RunBlockingOn(link, request, convert, seconds);
    }

    private protected override Coroutine<RedisReply> RunAny(Request request)
    {
        _isChanged |= CommandPolicy.IsStateful(request);
        return CommandPolicy.Blocks(request, out var seconds) ? RunBlocking(request, Reply.Raw, seconds) : Run(request, Reply.Raw);
    }
}
