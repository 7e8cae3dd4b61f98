namespace Asyncio.Redis.Connections;

/// <summary>The connection that all ordinary commands of a client share. Made for the first command; made again, with pauses, for the first after a loss.</summary>
internal sealed class SharedLink(Connector connector)
{
    private readonly List<Future<RedisConnectionException?>> _waiters = [];
    private Link? _link;
    private AsyncTask? _connecting;
    private bool _closed;

    /// <summary>The connection if there is one that works.</summary>
    public Link? Current => _link is { IsOpen: true } link ? link : null;

    /// <summary>The same if it takes commands at once.</summary>
    public Link? Ready => _link is { IsOpen: true, IsWritable: true } link ? link : null;

    /// <summary>The connection, made if need be: one attempt after the other for all who wait, which goes on when one of them is cancelled.</summary>
    /// <param name="command">Who wants it, for messages.</param>
    /// <exception cref="RedisConnectionException">None of <see cref="RedisOptions.ConnectAttempts"/> led to one.</exception>
    public async Coroutine<Link> GetAsync(string command)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(RedisClient));
        if (Current is null)
        {
            var waiter = connector.Loop.CreateFuture<RedisConnectionException?>();
            _waiters.Add(waiter);
            _connecting ??= connector.Loop.CreateTask(Connect(), "redis-connect-shared");
            if (await waiter is { } failure)
            {
                throw failure.For(command, mayHaveRun: false);
            }
        }

        var link = _link!; // if it is lost again by now, the command is told so: there is no end to trying with a server that hangs up
        while (!link.IsWritable)
        {
            await link.WritableAsync(); // the server reads more slowly than its commands come
        }

        return link;
    }

    public async Coroutine CloseAsync()
    {
        _closed = true;
        if (_connecting is { } connecting)
        {
            connecting.Cancel();
            await Aio.Wait([connecting]);
        }

        if (_link is { } link)
        {
            await link.CloseAsync("The client was disposed of.");
        }
    }

    private async Coroutine Connect()
    {
        var failure = new RedisConnectionException("The client was disposed of.");
        try
        {
            _link = await connector.OpenAsync();
            failure = null;
        }
        catch (RedisConnectionException e)
        {
            failure = e;
        }
        finally
        {
            _connecting = null;
            _waiters.ForEach(waiter => waiter.TrySetResult(failure));
            _waiters.Clear();
        }
    }
}
