namespace Asyncio.Redis.Connections;

/// <summary>Makes the connections of a client: several attempts each, with pauses. Closing it ends those that are being made.</summary>
internal sealed class Connector(EventLoop loop, RedisOptions options)
{
    private readonly HashSet<AsyncTask<Link>> _attempts = [];
    private bool _closed;

    public EventLoop Loop => loop;

    public RedisOptions Options => options;

    /// <exception cref="RedisConnectionException">None of <see cref="RedisOptions.ConnectAttempts"/> worked, or this was closed.</exception>
    public async Coroutine<Link> OpenAsync(IPushReceiver? receiver = null)
    {
        if (_closed)
        {
            throw Closed();
        }

        var attempt = loop.CreateTask(OpenPatiently(receiver), "redis-connect");
        _attempts.Add(attempt);
        try
        {
            return await attempt;
        }
        catch (CancelledException)
        {
            if (attempt.IsCompletedSuccessfully)
            {
                attempt.Result().Abort(Closed()); // the cancellation came between its end and our turn
            }

            if (_closed && Aio.CurrentTask()!.Cancelling() == 0)
            {
                throw Closed();
            }

            throw;
        }
        finally
        {
            _attempts.Remove(attempt);
        }
    }

    /// <summary>From here on there are no more connections. Returns when none is being made.</summary>
    public async Coroutine CloseAsync()
    {
        _closed = true;
        AsyncTask<Link>[] attempts = [.. _attempts];
        foreach (var attempt in attempts)
        {
            attempt.Cancel();
        }

        if (attempts.Length > 0)
        {
            await Aio.Wait(attempts);
        }
    }

    private async Coroutine<Link> OpenPatiently(IPushReceiver? receiver)
    {
        var backoff = new Backoff(loop, options);
        while (true)
        {
            try
            {
                return await LinkOpening.Open(loop, options, receiver);
            }
            catch (RedisConnectionException e) when (backoff.MayTryAgain && !e.IsFinal && e is not (RedisAuthenticationException or RedisProtocolException))
            {
                // the next one, after a pause
            }

            await backoff.WaitAsync();
        }
    }

    private static RedisConnectionException Closed() => new("The client was disposed of.");
}
