using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Runs the body with a time limit: <c>await Aio.Timeout(2, async () => { … })</c>. In the current task and its context. Asyncio: <c>async with timeout()</c>.</summary>
    /// <param name="seconds">The limit in seconds (not milliseconds), from the await on; infinite for none. Zero and less strikes at the first await that suspends.</param>
    /// <param name="body">What to run. Its await ends by <see cref="CancelledException"/> when the time is over; it may clean up first.</param>
    /// <exception cref="TimeoutException">The time was over (thrown at the await); the inner exception is the <see cref="CancelledException"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    /// <exception cref="ArgumentNullException">There is no body.</exception>
    /// <remarks>
    /// Acts at the await, and suspends only where the body does. <see cref="CancellationToken"/> inside it is this scope's. A cancellation of the
    /// task from elsewhere stays one; see <see cref="AsyncTimeout"/>.
    /// </remarks>
    [OverloadResolutionPriority(1)]
    public static Coroutine Timeout(double seconds, Func<Coroutine> body) => TimeoutFrame<Unit>.Create(seconds, body).AsUnit();

    /// <inheritdoc cref="Timeout(double, Func{Coroutine})"/>
    /// <param name="limit">The limit, from the await on; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="body">What to run.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine Timeout(TimeSpan limit, Func<Coroutine> body) => Timeout(Durations.Limit(limit), body);

    /// <summary>Runs the body with a time limit that it can look at and move. Asyncio: <c>async with timeout() as scope</c>.</summary>
    /// <inheritdoc cref="Timeout(double, Func{Coroutine})"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine Timeout(double seconds, Func<AsyncTimeout, Coroutine> body) => TimeoutFrame<Unit>.Create(seconds, body).AsUnit();

    /// <inheritdoc cref="Timeout(double, Func{AsyncTimeout, Coroutine})"/>
    /// <param name="limit">The limit, from the await on; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="body">What to run.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine Timeout(TimeSpan limit, Func<AsyncTimeout, Coroutine> body) => Timeout(Durations.Limit(limit), body);

    /// <inheritdoc cref="Timeout(double, Func{Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Timeout<T>(double seconds, Func<Coroutine<T>> body) => TimeoutFrame<T>.Create(seconds, body);

    /// <inheritdoc cref="Timeout(TimeSpan, Func{Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Timeout<T>(TimeSpan limit, Func<Coroutine<T>> body) => Timeout(Durations.Limit(limit), body);

    /// <inheritdoc cref="Timeout(double, Func{AsyncTimeout, Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Timeout<T>(double seconds, Func<AsyncTimeout, Coroutine<T>> body) => TimeoutFrame<T>.Create(seconds, body);

    /// <inheritdoc cref="Timeout(TimeSpan, Func{AsyncTimeout, Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Timeout<T>(TimeSpan limit, Func<AsyncTimeout, Coroutine<T>> body) => Timeout(Durations.Limit(limit), body);

    /// <summary>A time limit for the rest of a block: <c>using (Aio.Timeout(2)) { … }</c>. The time runs from this call. Asyncio: <c>async with timeout()</c>.</summary>
    /// <param name="seconds">The limit in seconds (not milliseconds); infinite for none. Zero and less strikes at the first await that suspends.</param>
    /// <returns>The scope; its <c>Dispose</c> throws <see cref="TimeoutException"/> if the time was over.</returns>
    /// <exception cref="InvalidOperationException">No task runs here.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    /// <remarks>The spelling with a body is the exact one; <see cref="AsyncTimeout"/> says in which case this one cannot tell what its body did.</remarks>
    public static AsyncTimeout Timeout(double seconds) =>
        new(TimeoutScope.Enter(TaskOfTimeout(), Durations.Delay(seconds), watchThrows: true));

    /// <inheritdoc cref="Timeout(double)"/>
    /// <param name="limit">The limit; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none.</param>
    public static AsyncTimeout Timeout(TimeSpan limit) => Timeout(Durations.Limit(limit));

    /// <inheritdoc cref="Timeout(double)"/>
    /// <param name="when">The deadline in seconds of <see cref="EventLoop.Time"/>; infinite for none. Asyncio: <c>timeout_at()</c>.</param>
    public static AsyncTimeout TimeoutAt(double when) =>
        new(TimeoutScope.EnterUntil(TaskOfTimeout(), Durations.Delay(when, nameof(when)), watchThrows: true));

    /// <summary>Runs the body until a deadline. Asyncio: <c>async with timeout_at()</c>.</summary>
    /// <inheritdoc cref="Timeout(double, Func{Coroutine})"/>
    /// <param name="when">The deadline in seconds of <see cref="EventLoop.Time"/>; infinite for none. One in the past strikes at the first await that suspends.</param>
    /// <param name="body">What to run. Its await ends by <see cref="CancelledException"/> when the time is over; it may clean up first.</param>
    [OverloadResolutionPriority(1)]
    public static Coroutine TimeoutAt(double when, Func<Coroutine> body) => TimeoutFrame<Unit>.CreateUntil(when, body).AsUnit();

    /// <inheritdoc cref="TimeoutAt(double, Func{Coroutine})"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine TimeoutAt(double when, Func<AsyncTimeout, Coroutine> body) => TimeoutFrame<Unit>.CreateUntil(when, body).AsUnit();

    /// <inheritdoc cref="TimeoutAt(double, Func{Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> TimeoutAt<T>(double when, Func<Coroutine<T>> body) => TimeoutFrame<T>.CreateUntil(when, body);

    /// <inheritdoc cref="TimeoutAt(double, Func{Coroutine})"/>
    /// <returns>What the body gives.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> TimeoutAt<T>(double when, Func<AsyncTimeout, Coroutine<T>> body) => TimeoutFrame<T>.CreateUntil(when, body);

    private static TaskStrand TaskOfTimeout() =>
        Strand.Active?.Task ?? throw new InvalidOperationException("Timeout should be used inside a task.");
}
