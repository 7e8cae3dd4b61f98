namespace Asyncio.Http;

/// <summary>
/// Who may send, and when: the limits of how many at a time, and of how many in a time. A permit of a rate is taken last, when nothing else is to be waited for,
/// so what is sent keeps the rate, and not only what is allowed. What is waited for goes from the host's own to what all share: a host that is slow or limited
/// holds up only requests to it.
/// </summary>
internal sealed class Admission(EventLoop loop, ClientSessionOptions options)
{
    private readonly AsyncSemaphore? _gate = options.Limit > 0 ? new AsyncSemaphore(options.Limit) : null;
    private readonly Pace? _pace = options.RateLimit?.Create(loop);
    private readonly bool _perHost = options.LimitPerHost > 0 || options.RateLimitPerHost is not null;
    private readonly Dictionary<(string Scheme, string Host, int Port), HostState> _hosts = [];
    private int _pruneAt = 64;

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="ClientTimeoutException">It was too long.</exception>
    public async Coroutine<Slot> EnterAsync(ClientRequest request)
    {
        var host = _perHost ? Find(request.Url) : null;
        if (_pace is null && host?.Pace is null && host?.Gate?.TryAcquire() != false)
        {
            if (_gate?.TryAcquire() != false)
            {
                return new Slot(_gate, host, null, null);
            }

            host?.Gate?.Release();
        }

        if (host is not null)
        {
            host.Users++;
        }

        try
        {
            return await WaitAsync(request, host);
        }
        finally
        {
            if (host is not null)
            {
                host.Users--;
            }
        }
    }

    public void Dispose()
    {
        _pace?.Dispose();
        foreach (var host in _hosts.Values)
        {
            host.Pace?.Dispose();
        }
    }

    private async Coroutine<Slot> WaitAsync(ClientRequest request, HostState? host)
    {
        var passed = new Stack<Action>(); // what is undone if it goes no further
        try
        {
            var hostLease = await QueueAsync(host?.Pace, request, passed);
            await PassAsync(host?.Gate, request, passed);
            var lease = await QueueAsync(_pace, request, passed);
            await PassAsync(_gate, request, passed);
            Take(_pace);
            Take(host?.Pace);
            return new Slot(_gate, host, lease, hostLease);
        }
        catch
        {
            while (passed.TryPop(out var undo))
            {
                undo();
            }

            throw;
        }
    }

    private static void Take(Pace? pace)
    {
        pace?.Take();
        pace?.Line?.Release();
    }

    private async Coroutine<IDisposable?> QueueAsync(Pace? pace, ClientRequest request, Stack<Action> passed)
    {
        if (pace is null)
        {
            return null;
        }

        var start = loop.Time();
        if (pace.Line is { } line)
        {
            _ = await line.AcquireAsync();
            passed.Push(line.Release);
        }

        var lease = pace.IsAvailable ? null : await pace.UntilAvailable(request);
        if (lease is not null)
        {
            passed.Push(lease.Dispose);
        }

        if (loop.Time() - start is var wait && wait > 0.0005)
        {
            HttpTelemetry.RateLimitWait(request, wait);
        }

        return lease;
    }

    private async Coroutine PassAsync(AsyncSemaphore? gate, ClientRequest request, Stack<Action> passed)
    {
        if (gate is null)
        {
            return;
        }

        if (!gate.TryAcquire())
        {
            await WaitAtAsync(gate, request);
        }

        passed.Push(gate.Release);
    }

    private async Coroutine WaitAtAsync(AsyncSemaphore gate, ClientRequest request)
    {
        var start = loop.Time();
        var limit = request.Timeout.Pool;
        AsyncTimeout? scope = null;
        try
        {
            await Aio.Timeout(limit, async timeout =>
            {
                scope = timeout;
                _ = await gate.AcquireAsync();
            });
        }
        catch (TimeoutException e) when (scope!.Expired())
        {
            throw ClientErrors.Timeout(request, ClientTimeoutPhase.Pool, e);
        }

        HttpTelemetry.PoolWait(request, loop.Time() - start);
    }

    private HostState Find(Uri url)
    {
        var key = (url.Scheme, url.IdnHost, url.Port);
        if (!_hosts.TryGetValue(key, out var host))
        {
            Prune();
            _hosts.Add(key, host = new HostState(options.LimitPerHost, options.RateLimitPerHost?.Create(loop)));
        }

        return host;
    }

    // A crawler meets hosts without end; those that nothing is known of any more are forgotten.
    private void Prune()
    {
        if (_hosts.Count < _pruneAt)
        {
            return;
        }

        foreach (var (key, host) in _hosts)
        {
            if (host.Users == 0 && host.Pace?.IsIdle != false)
            {
                host.Pace?.Dispose();
                _hosts.Remove(key);
            }
        }

        _pruneAt = Math.Max(64, 2 * _hosts.Count);
    }
}
