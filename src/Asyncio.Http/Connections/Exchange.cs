namespace Asyncio.Http;

/// <summary>One request and its answer on a connection: its place among those who are under way, and its time limits, until the body has ended.</summary>
internal sealed class Exchange(EventLoop loop, ClientRequest request, Slot slot, HttpRequestMessage message)
{
    private Future? _connecting;
    private bool _ended;

    public EventLoop Loop => loop;

    public ClientRequest Request => request;

    public HttpRequestMessage Message => message;

    /// <summary>The watch of what is under way; null while there is nothing to watch.</summary>
    public PhaseWatch? Watch { get; private set; }

    /// <summary>Runs a part of the exchange under the limits of its phases and, if asked to, of the whole.</summary>
    /// <exception cref="ClientTimeoutException">One of them struck.</exception>
    public async Coroutine<T> Guard<T>(double deadline, Func<Coroutine<T>> part)
    {
        AsyncTimeout? scope = null;
        try
        {
            return await Aio.TimeoutAt(deadline, timeout =>
            {
                scope = timeout;
                if (HasPhaseLimits)
                {
                    Watch = new PhaseWatch(loop, request.Timeout, timeout);
                    Watch.Enter(ClientTimeoutPhase.Read);
                }

                return part();
            });
        }
        catch (TimeoutException e) when (e is not IClientError && scope?.Expired() == true)
        {
            throw ClientErrors.Timeout(request, Watch?.Struck ?? ClientTimeoutPhase.Total, e);
        }
        finally
        {
            Watch?.End();
            Watch = null;
        }
    }

    /// <summary>Whether there are limits that the handler does not watch over.</summary>
    public bool HasPhaseLimits => request.Timeout is { } limits
        && (limits.Read < double.PositiveInfinity || limits.Send < double.PositiveInfinity || limits.Connect < request.Session.Options.Timeout.Connect);

    /// <summary>A connection is being made for it, which ends with it.</summary>
    public void Connects(Future task)
    {
        _connecting = task;
        if (_ended)
        {
            task.Cancel();
        }
    }

    /// <summary>Gives back its place. Whatever of the connection is left is the handler's.</summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            _connecting?.Cancel();
            slot.Leave();
        }
    }
}
