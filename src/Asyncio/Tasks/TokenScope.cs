namespace Asyncio;

/// <summary>The cancellation token of a task, or of a timeout within it: made when it is read, tripped with the scope, renewed when the requests are taken back.</summary>
internal sealed class TokenScope(TokenScope? outer)
{
    private CancellationTokenSource? _source;
    private CancellationTokenSource? _tripped;

    internal TokenScope? Outer => outer;

    internal CancellationToken Token(bool cancelling)
    {
        if (_source is null)
        {
            _source = new CancellationTokenSource();
            if (cancelling && _tripped is not null)
            {
                _source = _tripped;
            }
        }

        return _source.Token;
    }

    /// <summary>True for a token of this scope, the current one or the last that was tripped.</summary>
    internal bool Owns(CancellationToken token) =>
        token.CanBeCanceled && (_source?.Token == token || _tripped?.Token == token);

    /// <summary>Its callbacks run as a handle of the loop, not inside <c>Cancel()</c>: there they would run user code in the canceller's step.</summary>
    internal void Trip(EventLoop loop)
    {
        if (_source is null || ReferenceEquals(_source, _tripped))
        {
            return;
        }

        _tripped = _source;
        loop.Ready.Enqueue(new Tripping(loop, _source), null);
    }

    /// <summary>A source cannot be untripped; the next reader gets a new one.</summary>
    internal void Renew()
    {
        if (_tripped is not null)
        {
            _source = null;
        }
    }

    private sealed class Tripping(EventLoop loop, CancellationTokenSource source) : Runnable
    {
        internal override void Run(object? argument)
        {
            loop.EnterCallback(null);
            try
            {
                source.Cancel();
            }
            catch (Exception e)
            {
                loop.CallExceptionHandler(new ExceptionContext("Exception in a callback of a task's cancellation token") { Exception = e });
            }
        }
    }
}
