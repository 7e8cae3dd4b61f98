namespace Asyncio;

/// <summary>
/// Whatever can be awaited in this library: <see cref="Coroutine"/>, <see cref="Coroutine{T}"/>, <see cref="Future{T}"/>,
/// <see cref="AsyncTask"/> and <see cref="AsyncTask{T}"/>. The counterpart of Python's <c>Awaitable</c>.
/// </summary>
/// <typeparam name="T">The result; <see cref="Unit"/> where there is none.</typeparam>
public interface IAwaitable<T>
{
    /// <summary>A coroutine that gives this one's result. A coroutine gives itself (and is used up by that); a future one that waits for it.</summary>
    Coroutine<T> AsCoroutine();

    /// <summary>A future of this one's result: a future gives itself, a coroutine is wrapped in a new task. Asyncio: <c>ensure_future</c>.</summary>
    /// <param name="loop">The loop that runs it; null is the running one.</param>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    /// <exception cref="ArgumentException">The future belongs to another loop than the given one.</exception>
    Future<T> AsFuture(EventLoop? loop = null);
}
