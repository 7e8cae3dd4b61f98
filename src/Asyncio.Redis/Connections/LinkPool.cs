namespace Asyncio.Redis.Connections;

/// <summary>Connections for one user at a time: blocking commands, and what keeps state between commands.</summary>
internal sealed class LinkPool(Connector connector)
{
    private readonly RedisOptions _options = connector.Options;
    private readonly AsyncSemaphore _permits = new(connector.Options.MaxConnections);
    private readonly Stack<Link> _idle = new();
    private readonly HashSet<Link> _open = [];
    private bool _closed;

    /// <summary>Connections that are open, in use or not.</summary>
    public int Count => _open.Count;

    /// <summary>Those of them that nobody uses.</summary>
    public int IdleCount => _idle.Count;

    /// <param name="command">Who wants it, for messages.</param>
    /// <exception cref="RedisPoolException">None became free in time.</exception>
    /// <exception cref="RedisConnectionException">It took a new one, and there is no server.</exception>
    public async Coroutine<Link> RentAsync(string command)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(RedisClient));
        if (!_permits.TryAcquire())
        {
            await WaitForPermit(command);
        }

        try
        {
            while (_idle.TryPop(out var idle))
            {
                if (idle.IsOpen)
                {
                    return idle;
                }

                _open.Remove(idle);
            }

            ObjectDisposedException.ThrowIf(_closed, typeof(RedisClient));
            var link = await connector.OpenAsync();
            if (_closed)
            {
                await link.CloseAsync("The client was disposed of.");
            }

            _open.Add(link);
            return link;
        }
        catch (RedisConnectionException e)
        {
            _permits.Release();
            throw e.For(command, mayHaveRun: false);
        }
        catch
        {
            _permits.Release();
            throw;
        }
    }

    /// <param name="isClean">Whether the server knows nothing of its last user any more.</param>
    public void Return(Link link, bool isClean)
    {
        if (isClean && link.IsOpen && link.IsQuiet && !_closed)
        {
            link.ExtraPatience = 0;
            _idle.Push(link);
        }
        else
        {
            link.Abort(new RedisConnectionException("The connection was discarded: a command on it had been given up."));
            _open.Remove(link);
        }

        _permits.Release();
    }

    public async Coroutine CloseAsync()
    {
        _closed = true;
        _idle.Clear();
        await Aio.GatherAll(_open.Select(link => link.CloseAsync("The client was disposed of.")));
    }

    private async Coroutine WaitForPermit(string command)
    {
        try
        {
            await Aio.WaitFor(_permits.AcquireAsync(), _options.PoolTimeout);
        }
        catch (TimeoutException)
        {
            throw new RedisPoolException(
                $"All {_options.MaxConnections} connections ({nameof(RedisOptions)}.{nameof(RedisOptions.MaxConnections)}) were in use for {_options.PoolTimeout} s (command: {command}).") { Command = command };
        }
    }
}
