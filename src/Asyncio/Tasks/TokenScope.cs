namespace Asyncio;

/// <summary>The cancellation token of a task, or of a timeout within it: made when it is read, tripped with the scope, renewed when the requests are taken back.</summary>
/// <param name="outer">The scope around it; null for the task's own.</param>
/// <param name="baseline">How many requests there were when it began: those are not its own.</param>
internal sealed class TokenScope(TokenScope? outer, int baseline)
{
    private CancellationTokenSource? _source;
    private CancellationTokenSource? _tripped;
    private TokenScope? _trippedInside;

    internal TokenScope? Outer => outer;

    internal bool IsLeft { get; private set; }

    /// <summary>The scope ends. An exception that obeys its token may be on its way to the outer scope, which has to know the token then.</summary>
    internal void Leave()
    {
        IsLeft = true;
        if (outer is not null && (_tripped is not null || _trippedInside is not null))
        {
            outer._trippedInside = this;
        }
    }

    /// <summary>The token; tripped already where a request came before the first look.</summary>
    internal CancellationToken Token(int requests)
    {
        if (_source is null)
        {
            _source = new CancellationTokenSource();
            if (requests > baseline)
            {
                _tripped = _source;
                _source.Cancel();
            }
        }

        return _source.Token;
    }

    /// <summary>True for a token of this scope, the current one or the last that was tripped, here or in a scope inside.</summary>
    internal bool Owns(CancellationToken token) =>
        token.CanBeCanceled && (_source?.Token == token || _tripped?.Token == token || _trippedInside?.Owns(token) == true);

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
        _trippedInside = null;
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
