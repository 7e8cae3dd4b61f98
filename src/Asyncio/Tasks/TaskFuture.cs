namespace Asyncio;

/// <summary>A future with the outcome of a .NET task, whatever thread that ends on.</summary>
internal sealed class TaskFuture<T> : Future<T>
{
    private readonly Task _source;
    private readonly CancellationTokenSource? _withdrawal;

    private TaskFuture(EventLoop loop, Task source, CancellationTokenSource? withdrawal)
        : base(loop)
    {
        _source = source;
        _withdrawal = withdrawal;
    }

    /// <param name="loop">The loop of the future.</param>
    /// <param name="source">A <see cref="Task{T}"/>, or a plain task where <typeparamref name="T"/> is <see cref="Unit"/>.</param>
    /// <param name="withdrawal">Tripped when the future is cancelled: asks the task to end, or not to begin.</param>
    internal static TaskFuture<T> Create(EventLoop loop, Task source, CancellationTokenSource? withdrawal = null)
    {
        var future = new TaskFuture<T>(loop, source, withdrawal);
        source.ContinueWith(
            static (_, state) =>
            {
                // A closed loop drops it: nobody waits any more.
                var target = (TaskFuture<T>)state!;
                target.LoopField.EnqueueFromAnywhere(Arrival.Instance, target);
            },
            future,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return future;
    }

    /// <summary>Stops waiting. The task itself goes on where it cannot be withdrawn; its result is dropped, its error reported.</summary>
    public override bool Cancel(object? message = null)
    {
        if (!base.Cancel(message))
        {
            return false;
        }

        try
        {
            _withdrawal?.Cancel();
        }
        catch (AggregateException e)
        {
            LoopField.CallExceptionHandler(new ExceptionContext("Exception while withdrawing work from an executor") { Exception = e, Future = this });
        }

        ForeignWait.Observe(_source, LoopField);
        return true;
    }

    private void TakeOutcome()
    {
        if (IsCompleted)
        {
            return;
        }

        if (_source.IsCanceled)
        {
            base.Cancel();
        }
        else if (_source.Exception is { } error)
        {
            TrySetException(error.InnerExceptions.Count == 1 ? error.InnerExceptions[0] : error);
        }
        else
        {
            TrySetResult(_source is Task<T> typed ? typed.Result : default!);
        }
    }

    private sealed class Arrival : Runnable
    {
        internal static readonly Arrival Instance = new();

        internal override void Run(object? argument) => ((TaskFuture<T>)argument!).TakeOutcome();
    }
}
