namespace Asyncio;

/// <summary>What is done and what is not, when a wait returns: <c>var (done, pending) = await Aio.Wait(tasks)</c>.</summary>
/// <typeparam name="TFuture">The type of the futures that were given.</typeparam>
/// <param name="Done">Those that had an outcome when the waiter resumed.</param>
/// <param name="Pending">The others.</param>
public readonly record struct WaitResult<TFuture>(IReadOnlySet<TFuture> Done, IReadOnlySet<TFuture> Pending)
    where TFuture : Future;
