namespace Asyncio;

public static partial class Aio
{
    /// <summary>
    /// Protects what is awaited from the cancellation of the one who awaits: <c>await Aio.Shield(task)</c> is <c>await task</c>, except
    /// that cancelling the awaiting task leaves <c>task</c> running. Asyncio: <c>shield()</c>.
    /// </summary>
    /// <param name="awaitable">A task or future, or a coroutine, which becomes a task at once.</param>
    /// <returns>A future of its own with the same outcome; the inner one itself if that is done already.</returns>
    /// <exception cref="InvalidOperationException">A coroutine was given and no loop runs in this thread.</exception>
    /// <remarks>
    /// Acts at the call and does not suspend. If the inner one is cancelled, so is this. If it fails after the outer one was cancelled,
    /// nobody is left to see it: the loop's exception handler is told, once.
    /// </remarks>
    public static Future<T> Shield<T>(IAwaitable<T> awaitable)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        return ShieldLink<T>.Create(awaitable.AsFuture());
    }
}
