using System.Runtime.CompilerServices;

namespace Asyncio;

// The exact spelling: the body is given, so the group knows how it ended.
public sealed partial class TaskGroup
{
    /// <summary>Runs the body with a group, in the current task, and waits for all tasks of the group: <c>await TaskGroup.Run(async group => { … })</c>. Asyncio: <c>async with TaskGroup() as group</c>.</summary>
    /// <param name="body">Makes tasks with <see cref="CreateTask(Coroutine, string?, Context?, bool?)"/>, and may do work of its own.</param>
    /// <param name="maxConcurrency">How many children run at once; the others wait for their turn, first come, first served. Null is without limit.</param>
    /// <exception cref="ExceptionGroup">A child or the body has failed (thrown at the await).</exception>
    /// <exception cref="CancelledException">The task was cancelled from outside; the children have been, too.</exception>
    /// <exception cref="ArgumentNullException">There is no body.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is less than one.</exception>
    /// <remarks>Acts at the await; suspends if the body does or children have not ended. See <see cref="TaskGroup"/> for failures and cancellation.</remarks>
    [OverloadResolutionPriority(1)]
    public static Coroutine Run(Func<TaskGroup, Coroutine> body, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunBody(group => body(group).AsCoroutine(), maxConcurrency).AsUnit();
    }

    /// <inheritdoc cref="Run(Func{TaskGroup, Coroutine}, int?)"/>
    /// <returns>What the body gives; <c>default</c> if <see cref="Cancel"/> has stopped it.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Run<T>(Func<TaskGroup, Coroutine<T>> body, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunBody(body, maxConcurrency);
    }

    /// <summary>The same for a body that only makes tasks and awaits nothing. An <c>async</c> lambda never binds to this one.</summary>
    /// <inheritdoc cref="Run(Func{TaskGroup, Coroutine}, int?)"/>
    public static Coroutine Run(Action<TaskGroup> body, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunBody(
            group =>
            {
                body(group);
                return new Coroutine<Unit>(default(Unit));
            },
            maxConcurrency).AsUnit();
    }

    /// <summary>The same for a body that is an <c>async Task</c> method.</summary>
    /// <inheritdoc cref="Run(Func{TaskGroup, Coroutine}, int?)"/>
    public static Coroutine Run(Func<TaskGroup, Task> body, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunBody(group => Lift(body, group), maxConcurrency).AsUnit();
    }

    /// <summary>The same for a body that is an <c>async Task&lt;T&gt;</c> method.</summary>
    /// <inheritdoc cref="Run{T}(Func{TaskGroup, Coroutine{T}}, int?)"/>
    public static Coroutine<T> Run<T>(Func<TaskGroup, Task<T>> body, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunBody(group => Lift(body, group), maxConcurrency);
    }

    private static async Coroutine<T> RunBody<T>(Func<TaskGroup, Coroutine<T>> body, int? maxConcurrency)
    {
        var group = new TaskGroup(maxConcurrency, place: null);
        T result = default!;
        Exception? error = null;
        try
        {
            result = await body(group);
        }
        catch (Exception e)
        {
            error = e;
        }

        await group.Exit(error, joined: true);
        return result;
    }

    private static async Coroutine<Unit> Lift(Func<TaskGroup, Task> body, TaskGroup group)
    {
        await body(group);
        return default;
    }

    private static async Coroutine<T> Lift<T>(Func<TaskGroup, Task<T>> body, TaskGroup group) => await body(group);
}
