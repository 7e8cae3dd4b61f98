namespace Asyncio;

public static partial class Aio
{
    /// <summary>Enters the manager, runs the body, leaves: <c>await Aio.With(manager, async value => { … })</c>. Asyncio: <c>async with manager as value</c>.</summary>
    /// <param name="manager">What is entered and left.</param>
    /// <param name="body">What to run inside; it is given what entering gave.</param>
    /// <exception cref="ArgumentNullException">There is no manager or no body.</exception>
    /// <remarks>
    /// Acts at the await; suspends where entering, the body or leaving do. The manager is left exactly once, however the body ends, also by a
    /// cancellation; it is told the body's exception and may swallow it. An exception thrown while leaving takes the place of the body's,
    /// which it then holds in its <see cref="Exception.Data"/> as <c>Asyncio.Superseded</c>. A further cancellation can interrupt the
    /// leaving at its awaits, as in asyncio.
    /// </remarks>
    public static Coroutine With<T>(IAsyncContextManager<T> manager, Func<T, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return With(manager, value => body(value).AsCoroutine()).AsUnit();
    }

    /// <inheritdoc cref="With{T}(IAsyncContextManager{T}, Func{T, Coroutine})"/>
    /// <param name="manager">What is entered and left.</param>
    /// <param name="body">What to run inside.</param>
    public static Coroutine With<T>(IAsyncContextManager<T> manager, Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return With(manager, _ => body().AsCoroutine()).AsUnit();
    }

    /// <inheritdoc cref="With{T}(IAsyncContextManager{T}, Func{T, Coroutine})"/>
    /// <returns>What the body gives; <c>default</c> if it failed and the manager swallowed that.</returns>
    public static Coroutine<TResult> With<T, TResult>(IAsyncContextManager<T> manager, Func<T, Coroutine<TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(body);
        return RunWithin(manager, body);
    }

    /// <inheritdoc cref="With{T}(IAsyncContextManager{T}, Func{Coroutine})"/>
    /// <returns>What the body gives; <c>default</c> if it failed and the manager swallowed that.</returns>
    public static Coroutine<TResult> With<T, TResult>(IAsyncContextManager<T> manager, Func<Coroutine<TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return With(manager, _ => body());
    }

    /// <summary>
    /// Enters the manager for the rest of a block: <c>await using var scope = await Aio.With(manager); …; await scope.CompleteAsync();</c>.
    /// Asyncio: <c>async with manager as value</c>.
    /// </summary>
    /// <param name="manager">What is entered now, and left with the scope.</param>
    /// <returns>The scope, with what entering gave. Dispose of it with <c>await using</c>.</returns>
    /// <exception cref="ArgumentNullException">There is no manager.</exception>
    /// <remarks>The spelling with a body is the exact one: see <see cref="AsyncContextScope{T}"/> for what this one cannot know. Acts at the await; suspends where entering does.</remarks>
    public static Coroutine<AsyncContextScope<T>> With<T>(IAsyncContextManager<T> manager)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return Enter(manager);

        static async Coroutine<AsyncContextScope<T>> Enter(IAsyncContextManager<T> manager) => new(manager, await manager.EnterAsync());
    }

    private static async Coroutine<TResult> RunWithin<T, TResult>(IAsyncContextManager<T> manager, Func<T, Coroutine<TResult>> body)
    {
        var value = await manager.EnterAsync();
        TResult result;
        try
        {
            result = await body(value);
        }
        catch (Exception error)
        {
            if (await Superseded.Guard(manager.ExitAsync, error))
            {
                return default!;
            }

            throw;
        }

        await manager.ExitAsync(null);
        return result;
    }
}
