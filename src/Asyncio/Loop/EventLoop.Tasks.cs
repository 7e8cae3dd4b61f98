using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

// Tasks: making them, and the registry of those that live.
public sealed partial class EventLoop
{
    private readonly TaskRegistry _tasks = new();
    private AsyncTaskFactory? _factory;
    private double _foreignCancellationGrace = 1;

    /// <summary>
    /// How many seconds a foreign operation that was handed a task's cancellation token gets to end by itself before a cancelled
    /// task stops waiting for it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or NaN.</exception>
    public double ForeignCancellationGrace
    {
        get => _foreignCancellationGrace;
        set => _foreignCancellationGrace = Durations.NotNegative(value);
    }

    /// <summary>A pending future of this loop. Asyncio: <c>create_future()</c>.</summary>
    public Future<T> CreateFuture<T>() => new(this);

    /// <summary>Schedules the coroutine as a task: its body begins in the next iteration. Asyncio: <c>create_task()</c>.</summary>
    /// <param name="coroutine">What to run; used up by this, also when the call is refused.</param>
    /// <param name="name">The task's name; null is <c>Task-N</c>.</param>
    /// <param name="context">The context to run in, shared with its other users; null is a copy of the current one.</param>
    /// <param name="eagerStart">True: the first step runs now, inside this call, if the loop runs and the stack has room. Null is what the task factory says; without one, false.</param>
    /// <param name="cancellationToken">Cancels the task when it is tripped, from any thread.</param>
    /// <exception cref="InvalidOperationException">The loop is closed or runs in another thread, or the coroutine was used before.</exception>
    public AsyncTask CreateTask(Coroutine coroutine, string? name = null, Context? context = null, bool? eagerStart = null, CancellationToken cancellationToken = default)
    {
        if (NeedsNothing(name, context, eagerStart, cancellationToken))
        {
            return StartPlainTask(coroutine);
        }

        CloseIfRefused(coroutine);
        return _factory is null
            ? StartTask(coroutine, new AsyncTaskOptions(name, context, eagerStart, cancellationToken))
            : _factory.Create(this, coroutine, new AsyncTaskOptions(name, context, eagerStart, cancellationToken)) ?? throw NoTask();
    }

    /// <inheritdoc cref="CreateTask(Coroutine, string?, Context?, bool?, CancellationToken)"/>
    public AsyncTask<T> CreateTask<T>(Coroutine<T> coroutine, string? name = null, Context? context = null, bool? eagerStart = null, CancellationToken cancellationToken = default)
    {
        if (NeedsNothing(name, context, eagerStart, cancellationToken))
        {
            return StartPlainTask(coroutine);
        }

        CloseIfRefused(coroutine);
        return _factory is null
            ? StartTask(coroutine, new AsyncTaskOptions(name, context, eagerStart, cancellationToken))
            : _factory.Create(this, coroutine, new AsyncTaskOptions(name, context, eagerStart, cancellationToken)) ?? throw NoTask();
    }

    /// <summary>Makes every task of this loop through <paramref name="factory"/>; null takes it away. Asyncio: <c>set_task_factory()</c>.</summary>
    public void SetTaskFactory(AsyncTaskFactory? factory) => _factory = factory;

    /// <summary>The task factory; null if none is set. Asyncio: <c>get_task_factory()</c>.</summary>
    public AsyncTaskFactory? GetTaskFactory() => _factory;

    /// <summary>The task whose step runs now; null between steps. Asyncio: <c>current_task(loop)</c>.</summary>
    internal IAsyncTask? CurrentTask => CurrentStrand?.Owner as IAsyncTask;

    /// <summary>The tasks that have not ended.</summary>
    internal List<IAsyncTask> LiveTasks() => _tasks.ToList();

    internal void Unregister(TaskStrand strand) => _tasks.Remove(strand.Owner);

    internal AsyncTask StartTask(Coroutine coroutine, in AsyncTaskOptions options)
    {
        var task = new AsyncTask(this, coroutine.TakeForTask(), options.Context is null ? CurrentExecution() : null);
        Start(task.Strand, options);
        if (task.IsCompleted)
        {
            task.ForgetCoroutine();
        }

        return task;
    }

    internal AsyncTask<T> StartTask<T>(Coroutine<T> coroutine, in AsyncTaskOptions options)
    {
        var task = new AsyncTask<T>(this, coroutine.TakeForTask(), options.Context is null ? CurrentExecution() : null);
        Start(task.Strand, options);
        if (task.IsCompleted)
        {
            task.ForgetCoroutine();
        }

        return task;
    }

    /// <summary>The usual case, worth a way of its own: nothing but a coroutine was given, and nobody has a say in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NeedsNothing(string? name, Context? context, bool? eagerStart, CancellationToken cancellationToken) =>
        name is null && context is null && eagerStart is not true && !cancellationToken.CanBeCanceled
        && _factory is null && Hooks is null && ReferenceEquals(t_running, this); // then it is not closed

    private AsyncTask StartPlainTask(Coroutine coroutine)
    {
        var task = new AsyncTask(this, coroutine.TakeForTask(), CurrentExecution());
        _tasks.Add(task);
        Ready.Enqueue(task.Strand, null);
        return task;
    }

    private AsyncTask<T> StartPlainTask<T>(Coroutine<T> coroutine)
    {
        var task = new AsyncTask<T>(this, coroutine.TakeForTask(), CurrentExecution());
        _tasks.Add(task);
        Ready.Enqueue(task.Strand, null);
        return task;
    }

    private ExecutionContext? CurrentExecution() => ThreadContext.Inherit(ThreadField ?? Thread.CurrentThread);

    private void Start(TaskStrand strand, in AsyncTaskOptions options)
    {
        _tasks.Add(strand.Owner);
        if (!options.IsPlain)
        {
            strand.Apply(options);
        }

        Hooks?.TaskCreated(strand);
        if (options.EagerStart == true && ReferenceEquals(t_running, this) && strand.CanStartEagerly)
        {
            strand.RunEagerly();
        }
        else
        {
            Ready.Enqueue(strand, null);
        }
    }

    private InvalidOperationException NoTask() => new($"The task factory {_factory?.GetType().Name} gave null instead of a task.");

    private void CloseIfRefused<TClosable>(TClosable coroutine)
        where TClosable : IClosable
    {
        try
        {
            CheckCall();
        }
        catch
        {
            coroutine.Close();
            throw;
        }
    }
}
