using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Awaits the coroutine with a time limit, in the current task and its context. Asyncio: <c>wait_for()</c>.</summary>
    /// <param name="coroutine">What to await; used up by this.</param>
    /// <param name="timeout">The limit in seconds (not milliseconds), from the await on; infinite for none. With zero and less the coroutine is not even begun.</param>
    /// <exception cref="TimeoutException">The time was over (thrown at the await); the inner exception is the <see cref="CancelledException"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is NaN.</exception>
    /// <remarks>
    /// Acts at the await. When the time is over, what is awaited is cancelled, and its clean-up is waited for. If it swallows the cancellation, its
    /// result counts; if it fails with something else, that is thrown. Cancelling the current task cancels it too.
    /// </remarks>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> WaitFor<T>(Coroutine<T> coroutine, double timeout) => WaitingFor.Create(coroutine, timeout);

    /// <inheritdoc cref="WaitFor{T}(Coroutine{T}, double)"/>
    /// <param name="coroutine">What to await; used up by this.</param>
    /// <param name="timeout">The limit, from the await on; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> WaitFor<T>(Coroutine<T> coroutine, TimeSpan timeout) => WaitingFor.Create(coroutine, Durations.Limit(timeout));

    /// <inheritdoc cref="WaitFor{T}(Coroutine{T}, double)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine WaitFor(Coroutine coroutine, double timeout) => WaitingFor.Create(coroutine.AsCoroutine(), timeout).AsUnit();

    /// <inheritdoc cref="WaitFor{T}(Coroutine{T}, TimeSpan)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine WaitFor(Coroutine coroutine, TimeSpan timeout) => WaitFor(coroutine, Durations.Limit(timeout));

    /// <inheritdoc cref="WaitFor{T}(IAwaitable{T}, double)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine WaitFor(AsyncTask awaitable, double timeout) => WaitingFor.Create((IAwaitable<Unit>)awaitable, timeout).AsUnit();

    /// <inheritdoc cref="WaitFor{T}(IAwaitable{T}, TimeSpan)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine WaitFor(AsyncTask awaitable, TimeSpan timeout) => WaitFor(awaitable, Durations.Limit(timeout));

    /// <summary>Awaits a task or future with a time limit; it is cancelled when the time is over. To leave it running, put <see cref="Shield{T}"/> around it. Asyncio: <c>wait_for()</c>.</summary>
    /// <param name="awaitable">What to await.</param>
    /// <param name="timeout">The limit in seconds (not milliseconds), from the await on; infinite for none. With zero and less only an outcome that is there already counts.</param>
    /// <inheritdoc cref="WaitFor{T}(Coroutine{T}, double)"/>
    public static Coroutine<T> WaitFor<T>(IAwaitable<T> awaitable, double timeout) => WaitingFor.Create(awaitable, timeout);

    /// <inheritdoc cref="WaitFor{T}(IAwaitable{T}, double)"/>
    /// <param name="awaitable">What to await.</param>
    /// <param name="timeout">The limit, from the await on; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</param>
    public static Coroutine<T> WaitFor<T>(IAwaitable<T> awaitable, TimeSpan timeout) => WaitingFor.Create(awaitable, Durations.Limit(timeout));
}
