namespace Asyncio;

public static partial class Aio
{
    /// <summary>Runs the coroutine as a task of <paramref name="loop"/>; may be called from any thread. Asyncio: <c>run_coroutine_threadsafe()</c>.</summary>
    /// <param name="coroutine">What to run; used up by this.</param>
    /// <param name="loop">The loop; it must be running or about to.</param>
    /// <param name="cancellationToken">Cancels the task when it is tripped.</param>
    /// <returns>A .NET task with its outcome. Blocking on it on the loop's own thread would wait for ever.</returns>
    public static Task<T> RunCoroutineThreadsafe<T>(Coroutine<T> coroutine, EventLoop loop, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loop);
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            loop.CallSoonThreadsafe(() =>
            {
                try
                {
                    var task = loop.CreateTask(coroutine, cancellationToken: cancellationToken);
                    task.AddListener(new TaskMirror<T>(task, outcome));
                }
                catch (Exception e)
                {
                    outcome.TrySetException(e);
                    throw; // also to the exception handler, as asyncio does
                }
            });
        }
        catch
        {
            coroutine.Close();
            throw;
        }

        return outcome.Task;
    }

    /// <inheritdoc cref="RunCoroutineThreadsafe{T}"/>
    public static Task RunCoroutineThreadsafe(Coroutine coroutine, EventLoop loop, CancellationToken cancellationToken = default) =>
        RunCoroutineThreadsafe(coroutine.AsCoroutine(), loop, cancellationToken);
}
