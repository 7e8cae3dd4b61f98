using System.Globalization;

namespace Asyncio;

/// <summary>
/// A bounded pool of threads of its own, apart from .NET's: for calls that block. Threads start when they are needed and stay until
/// the shutdown. The counterpart of <c>concurrent.futures.ThreadPoolExecutor</c>.
/// </summary>
public class ThreadPoolExecutor : Executor
{
    private const string InitializerTwin = "A thread of an executor cannot begin with a coroutine. A body that never returns is taken for one, too: cast it to Action.";

    private static int s_pools = -1;

    private readonly WorkerThreads _workers;

    /// <summary>A pool without threads yet.</summary>
    /// <param name="maxWorkers">How many threads at most; null is the number of processors and four, at most 32.</param>
    /// <param name="threadNamePrefix">The threads are named so, with <c>_0</c>, <c>_1</c>, …; null is <c>ThreadPoolExecutor-N</c>.</param>
    /// <param name="initializer">Called first in each thread. If it fails, the pool is unusable.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxWorkers"/> is less than one.</exception>
    public ThreadPoolExecutor(int? maxWorkers = null, string? threadNamePrefix = null, Action? initializer = null)
    {
        if (maxWorkers is <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(maxWorkers), maxWorkers, "maxWorkers must be greater than 0.");
        }

        _workers = new WorkerThreads(
            maxWorkers ?? Math.Min(32, Environment.ProcessorCount + 4),
            threadNamePrefix ?? "ThreadPoolExecutor-" + Interlocked.Increment(ref s_pools).ToString(CultureInfo.InvariantCulture),
            initializer);
    }

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete(InitializerTwin, error: true)]
    public ThreadPoolExecutor(int? maxWorkers, string? threadNamePrefix, Func<Coroutine> initializer) => throw new NotSupportedException();

    /// <inheritdoc cref="ThreadPoolExecutor(int?, string?, Func{Coroutine})"/>
    [Obsolete(InitializerTwin, error: true)]
    public ThreadPoolExecutor(Func<Coroutine> initializer, int? maxWorkers = null, string? threadNamePrefix = null) => throw new NotSupportedException();

    /// <summary>A pool that was forgotten lets its threads go; they do not refer to it.</summary>
    ~ThreadPoolExecutor() => Dispose(disposing: false);

    /// <summary>For what brings its own hand-over.</summary>
    internal void Add(WorkItem item) => _workers.Add(item);

    /// <inheritdoc/>
    /// <exception cref="BrokenExecutorException">The initializer has failed.</exception>
    public override Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken = default) =>
        _workers.Submit(function, cancellationToken, TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">One of its own threads was to wait for itself.</exception>
    public sealed override void Shutdown(bool wait = true, bool cancelFutures = false) => _workers.Shutdown(wait, cancelFutures);

    /// <summary>Ended when it was shut down and its last thread has nothing left to do.</summary>
    internal Task Stopped => _workers.Stopped;

    internal sealed override Task<T> SubmitForLoop<T>(Func<T> function, CancellationToken cancellationToken) =>
        _workers.Submit(function, cancellationToken, TaskCreationOptions.None);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            _workers?.Shutdown(wait: false, cancelFutures: false); // null if the constructor has thrown
        }

        base.Dispose(disposing);
    }
}
