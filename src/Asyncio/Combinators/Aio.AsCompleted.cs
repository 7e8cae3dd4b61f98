using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Gives the futures in the order in which they end: <c>await foreach (var task in Aio.AsCompleted(tasks)) { var result = await task; … }</c>. Asyncio: <c>as_completed()</c>.</summary>
    /// <param name="futures">Tasks and futures; these very objects come out. The same one twice comes once.</param>
    /// <param name="timeout">After how many seconds, from this call, each further step throws <see cref="TimeoutException"/>; what is pending then is left alone.</param>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is NaN.</exception>
    /// <exception cref="InvalidOperationException">No loop runs in this thread, or a coroutine was used before.</exception>
    /// <exception cref="ArgumentException">The futures belong to different loops.</exception>
    /// <remarks>
    /// Acts at the call: coroutines become tasks, which are what comes out. The enumeration has one position, which all loops over it share:
    /// after a <c>break</c> the next one goes on: what has ended in between comes first. Leaving it, or cancelling the task that loops, leaves
    /// the futures alone.
    /// </remarks>
    [OverloadResolutionPriority(1)]
    public static AsCompletedEnumerable<TFuture> AsCompleted<TFuture>(IEnumerable<TFuture> futures, double timeout = double.PositiveInfinity)
        where TFuture : Future
    {
        ArgumentNullException.ThrowIfNull(futures);
        return new AsCompletedEnumerable<TFuture>(futures, timeout);
    }

    /// <inheritdoc cref="AsCompleted{TFuture}(IEnumerable{TFuture}, double)"/>
    [OverloadResolutionPriority(1)]
    public static AsCompletedEnumerable<TFuture> AsCompleted<TFuture>(IEnumerable<TFuture> futures, TimeSpan timeout)
        where TFuture : Future => AsCompleted(futures, Durations.Limit(timeout));

    /// <summary>Runs the coroutines concurrently, as tasks, and gives these in the order in which they end. Asyncio: <c>as_completed()</c>.</summary>
    /// <param name="coroutines">Become tasks at the call, in their order.</param>
    /// <inheritdoc cref="AsCompleted{TFuture}(IEnumerable{TFuture}, double)"/>
    public static AsCompletedEnumerable<AsyncTask<T>> AsCompleted<T>(IEnumerable<Coroutine<T>> coroutines, double timeout = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        return new AsCompletedEnumerable<AsyncTask<T>>(coroutines.Distinct().Select(coroutine => CreateTask(coroutine)), timeout);
    }

    /// <inheritdoc cref="AsCompleted{T}(IEnumerable{Coroutine{T}}, double)"/>
    public static AsCompletedEnumerable<AsyncTask<T>> AsCompleted<T>(IEnumerable<Coroutine<T>> coroutines, TimeSpan timeout) =>
        AsCompleted(coroutines, Durations.Limit(timeout));

    /// <inheritdoc cref="AsCompleted{T}(IEnumerable{Coroutine{T}}, double)"/>
    public static AsCompletedEnumerable<AsyncTask> AsCompleted(IEnumerable<Coroutine> coroutines, double timeout = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        return new AsCompletedEnumerable<AsyncTask>(coroutines.Distinct().Select(coroutine => CreateTask(coroutine)), timeout);
    }

    /// <inheritdoc cref="AsCompleted{T}(IEnumerable{Coroutine{T}}, double)"/>
    public static AsCompletedEnumerable<AsyncTask> AsCompleted(IEnumerable<Coroutine> coroutines, TimeSpan timeout) =>
        AsCompleted(coroutines, Durations.Limit(timeout));

    /// <summary>Gives tasks, futures and coroutines, mixed, in the order in which they end; the coroutines as tasks. Asyncio: <c>as_completed()</c>.</summary>
    /// <param name="awaitables">Coroutines among them become tasks at the call.</param>
    /// <inheritdoc cref="AsCompleted{TFuture}(IEnumerable{TFuture}, double)"/>
    public static AsCompletedEnumerable<Future<T>> AsCompleted<T>(IEnumerable<IAwaitable<T>> awaitables, double timeout = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(awaitables);
        return new AsCompletedEnumerable<Future<T>>(awaitables.Distinct().Select(static awaitable => awaitable.AsFuture()), timeout);
    }

    /// <inheritdoc cref="AsCompleted{T}(IEnumerable{IAwaitable{T}}, double)"/>
    public static AsCompletedEnumerable<Future<T>> AsCompleted<T>(IEnumerable<IAwaitable<T>> awaitables, TimeSpan timeout) =>
        AsCompleted(awaitables, Durations.Limit(timeout));
}
