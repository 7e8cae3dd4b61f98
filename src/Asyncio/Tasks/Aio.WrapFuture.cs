namespace Asyncio;

public static partial class Aio
{
    /// <summary>A future of the running loop with the outcome of a .NET task, on whatever thread that ends. Asyncio: <c>wrap_future()</c>.</summary>
    /// <param name="task">What to wait for. If it is cancelled, so is the future.</param>
    /// <param name="loop">The future's loop; null is the running one.</param>
    /// <returns>
    /// A future, to be awaited by any number of tasks. Cancelling it stops the waiting at once; the .NET task itself, which nobody can
    /// cancel from outside, goes on: its result is dropped (and disposed of), its error reported to the loop's exception handler.
    /// </returns>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    public static Future<T> WrapFuture<T>(Task<T> task, EventLoop? loop = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TaskFuture<T>.Create(loop ?? EventLoop.RequireRunning(), task);
    }

    /// <inheritdoc cref="WrapFuture{T}(Task{T}, EventLoop?)"/>
    public static Future<Unit> WrapFuture(Task task, EventLoop? loop = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TaskFuture<Unit>.Create(loop ?? EventLoop.RequireRunning(), task);
    }

    /// <summary>The future itself: it is one of ours already.</summary>
    public static Future<T> WrapFuture<T>(Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        return future;
    }
}
