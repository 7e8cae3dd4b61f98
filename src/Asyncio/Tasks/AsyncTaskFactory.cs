namespace Asyncio.LowLevel;

/// <summary>
/// Makes the tasks of a loop: install one with <see cref="EventLoop.SetTaskFactory"/> to name, count or wrap tasks, or to start
/// them eagerly. The base makes plain tasks.
/// </summary>
public abstract class AsyncTaskFactory
{
    /// <summary>Makes a task of a coroutine with a result. Override it together with its twin, and call the base to make the task.</summary>
    public virtual AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return loop.StartTask(coroutine, options);
    }

    /// <summary>Makes a task of a coroutine without a result.</summary>
    public virtual AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return loop.StartTask(coroutine, options);
    }
}
