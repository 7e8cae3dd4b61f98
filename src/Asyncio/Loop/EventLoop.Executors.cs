using System.Runtime.CompilerServices;

namespace Asyncio;

// Work in other threads.
public sealed partial class EventLoop
{
    private const string ExecutorTwin = "An executor calls functions, in another thread; a coroutine runs on a loop. Await it, or use Aio.CreateTask(...). (A body that never returns is taken for a coroutine too: cast it to Action.)";

    private ThreadPoolExecutor? _defaultExecutor;
    private bool _executorShutdown;

    /// <summary>Has <paramref name="function"/> called in another thread, beginning now. Asyncio: <c>run_in_executor()</c>.</summary>
    /// <param name="executor">Where; null is the default executor, a <see cref="ThreadPoolExecutor"/> made on first use.</param>
    /// <param name="function">What to call. It sees nothing of the caller's context: no <c>AsyncLocal</c> values.</param>
    /// <returns>
    /// A future of its outcome. Cancelling it stops the waiting at once: a function that has not begun never does; one that runs goes on,
    /// its result is dropped, its error reported to the exception handler.
    /// </returns>
    /// <exception cref="InvalidOperationException">The loop is closed, or the executor has been shut down.</exception>
    public Future<T> RunInExecutor<T>(Executor? executor, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        CheckCall();
        var withdrawal = new CancellationTokenSource(); // without a timer or a link: nothing to dispose of
        return TaskFuture<T>.Create(this, Submit(executor ?? DefaultExecutor(), function, withdrawal.Token), withdrawal);
    }

    /// <inheritdoc cref="RunInExecutor{T}(Executor?, Func{T})"/>
    public Future<Unit> RunInExecutor(Executor? executor, Action function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RunInExecutor(executor, () =>
        {
            function();
            return default(Unit);
        });
    }

    /// <summary>Refused: the coroutine would be made in the other thread and never run.</summary>
    [OverloadResolutionPriority(1)]
    [Obsolete("coroutines cannot be used with RunInExecutor(). " + ExecutorTwin, error: true)]
    public Future<Unit> RunInExecutor(Executor? executor, Func<Coroutine> function) => throw new NotSupportedException();

    /// <inheritdoc cref="RunInExecutor(Executor?, Func{Coroutine})"/>
    [OverloadResolutionPriority(1)]
    [Obsolete("coroutines cannot be used with RunInExecutor(). " + ExecutorTwin, error: true)]
    public Future<T> RunInExecutor<T>(Executor? executor, Func<Coroutine<T>> function) => throw new NotSupportedException();

    /// <summary>Makes <paramref name="executor"/> the default one; the loop shuts it down when it ends. Asyncio: <c>set_default_executor()</c>.</summary>
    public void SetDefaultExecutor(ThreadPoolExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(executor);
        _defaultExecutor = executor;
    }

    /// <summary>
    /// Takes no more work for the default executor and waits until its threads have ended what they were given; those that take longer
    /// than <paramref name="timeout"/> are left behind, with a warning. Asyncio: <c>shutdown_default_executor()</c>.
    /// </summary>
    /// <param name="timeout">In seconds; infinity waits without limit.</param>
    public async Coroutine ShutdownDefaultExecutor(double timeout = double.PositiveInfinity)
    {
        Durations.Delay(timeout, nameof(timeout));
        _executorShutdown = true;
        if (_defaultExecutor is not { } executor)
        {
            return;
        }

        executor.Shutdown(wait: false);
        if (!await StoppedWithin(executor, timeout))
        {
            Warn($"Warning: the executor did not finish joining its threads within {timeout} seconds.");
        }
    }

    /// <inheritdoc cref="ShutdownDefaultExecutor(double)"/>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> waits without limit.</param>
    public Coroutine ShutdownDefaultExecutor(TimeSpan timeout) => ShutdownDefaultExecutor(Durations.Limit(timeout));

    private static Task<T> Submit<T>(Executor executor, Func<T> function, CancellationToken withdrawal) =>
        executor.SubmitForLoop(function, withdrawal) ?? throw new InvalidOperationException($"{executor.GetType().Name}.Submit gave null instead of a task.");

    private async Coroutine<bool> StoppedWithin(ThreadPoolExecutor executor, double seconds)
    {
        var timeUp = CreateFuture<bool>();
        var timer = double.IsPositiveInfinity(seconds) ? null : CallLater(seconds, () => { timeUp.TrySetResult(false); });
        var stopped = TaskFuture<Unit>.Create(this, executor.Stopped);
        stopped.AddDoneCallback(_ => timeUp.TrySetResult(true));
        try
        {
            return await timeUp;
        }
        finally
        {
            timer?.Cancel();
        }
    }

    private ThreadPoolExecutor DefaultExecutor() =>
        _executorShutdown
            ? throw new InvalidOperationException("Executor shutdown has been called.")
            : _defaultExecutor ??= new ThreadPoolExecutor(threadNamePrefix: "asyncio");

    private void CloseExecutor()
    {
        _executorShutdown = true;
        _defaultExecutor?.Shutdown(wait: false);
        _defaultExecutor = null;
    }
}
