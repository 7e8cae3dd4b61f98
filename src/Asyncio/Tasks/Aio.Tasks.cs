using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The module <c>asyncio</c>: everything that a program calls by name. It only forwards to the types that do the work.</summary>
public static partial class Aio
{
    /// <summary>Runs the coroutine as a task of the running loop, concurrently with the caller: its body begins in the next iteration. Asyncio: <c>create_task()</c>.</summary>
    /// <inheritdoc cref="EventLoop.CreateTask(Coroutine, string?, Context?, bool?, CancellationToken)"/>
    public static AsyncTask CreateTask(Coroutine coroutine, string? name = null, Context? context = null, bool? eagerStart = null, CancellationToken cancellationToken = default) =>
        RunningFor(coroutine).CreateTask(coroutine, name, context, eagerStart, cancellationToken);

    /// <inheritdoc cref="CreateTask(Coroutine, string?, Context?, bool?, CancellationToken)"/>
    public static AsyncTask<T> CreateTask<T>(Coroutine<T> coroutine, string? name = null, Context? context = null, bool? eagerStart = null, CancellationToken cancellationToken = default) =>
        RunningFor(coroutine).CreateTask(coroutine, name, context, eagerStart, cancellationToken);

    /// <summary>The task that runs; null in a callback. Asyncio: <c>current_task()</c>.</summary>
    /// <param name="loop">Of which loop; null is the running one.</param>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    public static IAsyncTask? CurrentTask(EventLoop? loop = null) => (loop ?? EventLoop.RequireRunning()).CurrentTask;

    /// <summary>The tasks that have not ended: a new set. Asyncio: <c>all_tasks()</c>.</summary>
    /// <param name="loop">Of which loop; null is the running one.</param>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    public static IReadOnlySet<IAsyncTask> AllTasks(EventLoop? loop = null) => new HashSet<IAsyncTask>((loop ?? EventLoop.RequireRunning()).LiveTasks());

    /// <summary>The future of an awaitable: a future itself, a coroutine as a new task. Asyncio: <c>ensure_future()</c>.</summary>
    public static Future<T> EnsureFuture<T>(IAwaitable<T> awaitable, EventLoop? loop = null)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        return awaitable.AsFuture(loop);
    }

    /// <summary>
    /// The cancellation token of the current task, for code of .NET: tripped when the task is cancelled, renewed when the
    /// cancellation has been handled; inside a timeout it is the timeout's.
    /// </summary>
    /// <exception cref="InvalidOperationException">No task runs here.</exception>
    public static CancellationToken CancellationToken =>
        Strand.Active?.Task.Details.Token ?? throw new InvalidOperationException("Aio.CancellationToken: no task runs here. It is the token of the current task.");

    /// <summary>
    /// Within the scope, a cancelled task does not stop waiting for foreign operations: they run to their end, and the cancellation
    /// arrives at the next await. Dispose it in the task that made it.
    /// </summary>
    /// <exception cref="InvalidOperationException">No task runs here.</exception>
    public static UninterruptedScope Uninterrupted() =>
        new(Strand.Active?.Task.Details ?? throw new InvalidOperationException("Aio.Uninterrupted: no task runs here."));

    /// <summary>Set it as a loop's task factory, and the first step of every task runs inside <c>CreateTask</c>. Asyncio: <c>eager_task_factory</c>.</summary>
    public static AsyncTaskFactory EagerTaskFactory => Asyncio.EagerTaskFactory.Instance;

    /// <summary>The running loop; a coroutine that cannot be run is closed, so that it is not reported as never awaited.</summary>
    internal static EventLoop RunningFor<TClosable>(TClosable coroutine)
        where TClosable : IClosable
    {
        if (EventLoop.t_running is { } loop)
        {
            return loop;
        }

        coroutine.Close();
        return EventLoop.RequireRunning();
    }
}
