namespace Asyncio.LowLevel;

/// <summary>How a task is made: what was given to <c>CreateTask</c>, for a task factory to pass on.</summary>
/// <param name="Name">The task's name; null is <c>Task-N</c>.</param>
/// <param name="Context">The context to run in; null is a copy of the current one.</param>
/// <param name="EagerStart">Whether the first step runs inside the call; null is what the factory says.</param>
/// <param name="CancellationToken">Cancels the task when it is tripped.</param>
public readonly record struct AsyncTaskOptions(string? Name = null, Context? Context = null, bool? EagerStart = null, CancellationToken CancellationToken = default)
{
    internal bool IsPlain => Name is null && Context is null && !CancellationToken.CanBeCanceled;
}
