namespace Asyncio;

/// <summary>A coroutine on its way from another thread to the loop that is to run it.</summary>
internal sealed class ThreadsafeRequest<T>(EventLoop loop, Coroutine<T> coroutine, CancellationToken cancellationToken) : Runnable
{
    private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionContext? _execution = ThreadContext.Inherit(); // the task copies the caller's, not that of the loop

    internal Task<T> Outcome => _outcome.Task;

    internal override void Run(object? argument)
    {
        loop.EnterCallback(_execution);
        try
        {
            var task = loop.CreateTask(coroutine, cancellationToken: cancellationToken);
            task.AddListener(new TaskMirror<T>(task, _outcome, cancellationToken));
        }
        catch (Exception e)
        {
            Fail(e);
            if (e is KeyboardInterruptException)
            {
                throw;
            }

            // As asyncio does, for a caller who does not look.
            loop.CallExceptionHandler(new ExceptionContext($"Exception in callback {nameof(Aio)}.{nameof(Aio.RunCoroutineThreadsafe)}({coroutine.Name})") { Exception = e });
        }
    }

    internal override void GiveUp(object? argument) =>
        Fail(new InvalidOperationException($"The event loop was closed before the coroutine {coroutine.Name} began."));

    private void Fail(Exception error)
    {
        coroutine.Close();
        _outcome.TrySetException(error);
    }
}
