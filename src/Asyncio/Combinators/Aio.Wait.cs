using System.Runtime.CompilerServices;

namespace Asyncio;

public static partial class Aio
{
    /// <summary>Waits until all of the futures are done, or the first, or the first has failed. Raises none of their exceptions and cancels none of them. Asyncio: <c>wait()</c>.</summary>
    /// <param name="futures">Tasks and futures of the running loop; the same one twice counts once. Coroutines are to be made tasks first.</param>
    /// <param name="returnWhen">When to return.</param>
    /// <returns>What is done and what is pending: <c>var (done, pending) = await Aio.Wait(tasks)</c>.</returns>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    /// <exception cref="ArgumentException">The list is empty (thrown at the await).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="returnWhen"/> is none of the three (thrown at the await); or the timeout is NaN.</exception>
    /// <exception cref="InvalidOperationException">A future is of another loop (thrown at the await).</exception>
    /// <remarks>Acts at the await, and always suspends, also if all are done. Cancelling the waiting task leaves the futures alone.</remarks>
    public static Coroutine<WaitResult<TFuture>> Wait<TFuture>(IEnumerable<TFuture> futures, ReturnWhen returnWhen = ReturnWhen.AllCompleted)
        where TFuture : Future =>
        WaitLeaf<TFuture>.Create(futures, returnWhen, double.PositiveInfinity);

    /// <inheritdoc cref="Wait{TFuture}(IEnumerable{TFuture}, ReturnWhen)"/>
    /// <param name="futures">Tasks and futures of the running loop; the same one twice counts once. Coroutines are to be made tasks first.</param>
    /// <param name="timeout">After how many seconds to return in any case, without an error; zero or less looks once.</param>
    /// <param name="returnWhen">When to return before that.</param>
    [OverloadResolutionPriority(1)] // a literal 0 would be a ReturnWhen, too
    public static Coroutine<WaitResult<TFuture>> Wait<TFuture>(IEnumerable<TFuture> futures, double timeout, ReturnWhen returnWhen = ReturnWhen.AllCompleted)
        where TFuture : Future =>
        WaitLeaf<TFuture>.Create(futures, returnWhen, timeout);

    /// <inheritdoc cref="Wait{TFuture}(IEnumerable{TFuture}, double, ReturnWhen)"/>
    /// <param name="futures">Tasks and futures of the running loop; the same one twice counts once. Coroutines are to be made tasks first.</param>
    /// <param name="timeout">After what time to return in any case, without an error; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> is never.</param>
    /// <param name="returnWhen">When to return before that.</param>
    public static Coroutine<WaitResult<TFuture>> Wait<TFuture>(IEnumerable<TFuture> futures, TimeSpan timeout, ReturnWhen returnWhen = ReturnWhen.AllCompleted)
        where TFuture : Future =>
        WaitLeaf<TFuture>.Create(futures, returnWhen, Durations.Limit(timeout));
}
