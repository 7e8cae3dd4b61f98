namespace Asyncio;

/// <summary>Passes the outcome of a future on to a .NET task.</summary>
internal sealed class TaskMirror<T>(Future<T> future, TaskCompletionSource<T> target, CancellationToken cancellationToken = default) : Runnable
{
    internal override void Run(object? argument)
    {
        switch (future.State)
        {
            case FutureState.Succeeded:
                target.TrySetResult(future.ValueUnchecked);
                break;
            case FutureState.Canceled:
                // A waiter of .NET asks by whose token.
                target.TrySetCanceled(cancellationToken.IsCancellationRequested ? cancellationToken : default);
                break;
            default:
                target.TrySetException(future.Exception()!);
                break;
        }
    }

    /// <summary>The loop closes in the very turn in which the future has ended: who waits for the task is told all the same.</summary>
    internal override void GiveUp(object? argument) => Run(argument);
}
