namespace Asyncio;

/// <summary>Passes the outcome of a future on to a .NET task.</summary>
internal sealed class TaskMirror<T>(Future<T> future, TaskCompletionSource<T> target) : Runnable
{
    internal override void Run(object? argument)
    {
        switch (future.State)
        {
            case FutureState.Succeeded:
                target.TrySetResult(future.ValueUnchecked);
                break;
            case FutureState.Canceled:
                target.TrySetCanceled();
                break;
            default:
                target.TrySetException(future.Exception()!);
                break;
        }
    }
}
