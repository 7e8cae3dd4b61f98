namespace Asyncio.Files;

/// <summary>The half of a <see cref="ThreadCall{TState,T}"/> that the thread works on. Used again after it has run, thrown away after a withdrawal.</summary>
internal sealed class ThreadWork<TState, T> : WorkItem
{
    private const int Queued = 0;
    private const int Taken = 1;

    private Strand? _strand;
    private Func<TState, T>? _function;
    private TState _state = default!;
    private T _result = default!;
    private Exception? _error;
    private int _taken;

    internal void Prepare(Strand strand, Func<TState, T> function, TState state)
    {
        _strand = strand;
        _function = function;
        _state = state;
        Volatile.Write(ref _taken, Queued);
    }

    /// <summary>On the loop's thread. True: it has not begun and never will.</summary>
    internal bool TryWithdraw()
    {
        if (!Take())
        {
            return false;
        }

        Clear();
        return true;
    }

    internal Exception? TakeOutcome(out T result)
    {
        var error = _error;
        result = _result;
        _error = null;
        _result = default!;
        return error;
    }

    internal override void Run()
    {
        if (!Take())
        {
            return;
        }

        try
        {
            _result = _function!(_state);
        }
        catch (Exception e)
        {
            _error = e;
        }

        End();
    }

    internal override void Withdraw() => Fail(new CancelledException());

    internal override void Fail(Exception error)
    {
        if (Take())
        {
            _error = error;
            End();
        }
    }

    private bool Take() => Interlocked.CompareExchange(ref _taken, Taken, Queued) == Queued;

    /// <summary>Last touch by the thread: from here on the loop may use it for the next call.</summary>
    private void End()
    {
        var strand = _strand!;
        Clear();
        strand.Loop.EnqueueFromAnywhere(strand, null);
    }

    private void Clear()
    {
        _strand = null;
        _function = null;
        _state = default!;
    }
}
