namespace Asyncio;

/// <summary>A function in the queue of a pool: begins once, or is withdrawn and never does.</summary>
internal abstract class WorkItem
{
    internal abstract void Run();

    /// <summary>Cancels it if it has not begun. Any thread.</summary>
    internal abstract void Withdraw();

    /// <summary>Fails it if it has not begun.</summary>
    internal abstract void Fail(Exception error);
}

/// <inheritdoc/>
internal sealed class WorkItem<T> : WorkItem
{
    private const int Queued = 0;
    private const int Taken = 1;

    private readonly TaskCompletionSource<T> _outcome;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _registration;
    private Func<T>? _function;
    private int _state;

    internal WorkItem(Func<T> function, CancellationToken token, TaskCreationOptions options)
    {
        _function = function;
        _token = token;
        _outcome = new TaskCompletionSource<T>(options);
        _registration = token.UnsafeRegister(static state => ((WorkItem<T>)state!).Withdraw(), this);
    }

    internal Task<T> Outcome => _outcome.Task;

    internal override void Run()
    {
        if (!Take(out var function))
        {
            return;
        }

        _registration.Unregister(); // a token that lives long must not keep what has begun
        try
        {
            _outcome.TrySetResult(function());
        }
        catch (Exception e)
        {
            // Also a cancellation of the function's own making: nobody cancelled the work.
            _outcome.TrySetException(e);
        }
    }

    internal override void Withdraw()
    {
        if (Take(out _))
        {
            _registration.Unregister();
            _outcome.TrySetCanceled(_token);
        }
    }

    internal override void Fail(Exception error)
    {
        if (Take(out _))
        {
            _registration.Unregister();
            _outcome.TrySetException(error);
        }
    }

    /// <summary>Whoever takes it decides what becomes of it. The queue may keep the item for long, but not what the function refers to.</summary>
    private bool Take(out Func<T> function)
    {
        function = _function!;
        if (Interlocked.CompareExchange(ref _state, Taken, Queued) != Queued)
        {
            return false;
        }

        _function = null;
        return true;
    }
}
