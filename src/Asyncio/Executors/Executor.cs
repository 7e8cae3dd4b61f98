using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Runs functions somewhere else than on the loop's thread: where blocking and computing belong. The counterpart of <c>concurrent.futures.Executor</c>.</summary>
/// <remarks>Its members may be called from any thread. From a coroutine use <see cref="EventLoop.RunInExecutor{T}(Executor?, Func{T})"/>.</remarks>
public abstract class Executor : IDisposable
{
    /// <summary>Queues a function. Does not block. Asyncio: <c>submit()</c>.</summary>
    /// <param name="function">What to call, once, in no particular context.</param>
    /// <param name="cancellationToken">Withdraws the function if it has not begun: then it never does, and the task is cancelled. One that runs goes on to its end.</param>
    /// <returns>Its outcome, for code outside a loop. Any exception of the function's makes it fail.</returns>
    /// <exception cref="InvalidOperationException">The executor has been shut down.</exception>
    public abstract Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken = default);

    /// <summary>Takes no more functions. Asyncio: <c>shutdown()</c>.</summary>
    /// <param name="wait">True: blocks until what was submitted has ended. False: returns at once, and it ends by itself.</param>
    /// <param name="cancelFutures">True: what has not begun is withdrawn. What runs is never interrupted.</param>
    public abstract void Shutdown(bool wait = true, bool cancelFutures = false);

    /// <summary>
    /// Calls <paramref name="function"/> for each item, concurrently, and gives the results in the order of the items. To be
    /// enumerated in a coroutine. Asyncio: <c>map()</c>.
    /// </summary>
    /// <param name="function">What to call.</param>
    /// <param name="source">The items.</param>
    /// <param name="bufferSize">How many may be submitted and not yet given: the source is read only so far ahead. Without it, it is read to its end at once.</param>
    /// <param name="cancellationToken">Ends the enumeration before the next result; cancelling the task ends it at once.</param>
    /// <returns>The results. The first item that failed ends the enumeration; what has not begun then, or when it is left early, is withdrawn.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bufferSize"/> is less than one.</exception>
    public virtual IAsyncEnumerable<TResult> MapAsync<T, TResult>(Func<T, TResult> function, IEnumerable<T> source, int bufferSize = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 1);
        return Map(function, source, bufferSize, cancellationToken);
    }

    /// <summary>Shuts down and waits.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Shuts down and waits.</summary>
    /// <param name="disposing">False in a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Shutdown();
        }
    }

    /// <summary>As <see cref="Submit"/>, for the loop: its continuation only hands the outcome over and may run on the worker's thread.</summary>
    internal virtual Task<T> SubmitForLoop<T>(Func<T> function, CancellationToken cancellationToken) => Submit(function, cancellationToken);

    private async IAsyncEnumerable<TResult> Map<T, TResult>(Func<T, TResult> function, IEnumerable<T> source, int bufferSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var loop = EventLoop.RequireRunning();
        var submitted = new Queue<Future<TResult>>();
        using var items = source.GetEnumerator();
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (submitted.Count < bufferSize && items.MoveNext())
                {
                    var item = items.Current;
                    submitted.Enqueue(loop.RunInExecutor(this, () => function(item)));
                }

                if (!submitted.TryDequeue(out var next))
                {
                    yield break;
                }

                yield return await next;
            }
        }
        finally
        {
            foreach (var future in submitted)
            {
                future.Cancel();
            }
        }
    }
}
