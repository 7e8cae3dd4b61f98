namespace Asyncio;

public static partial class Aio
{
    /// <summary>Suspends the current task for <paramref name="seconds"/>; zero and less lets everything else that is ready run once. Asyncio: <c>sleep()</c>.</summary>
    /// <param name="seconds">How long, in seconds (not milliseconds). Infinity sleeps until the task is cancelled.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    /// <remarks>Always suspends. Cancelling the task ends it at once and removes its timer.</remarks>
    public static Coroutine Sleep(double seconds) =>
        seconds > 0 ? SleepLeaf.Create(seconds) : SleepNow(seconds);

    /// <inheritdoc cref="Sleep(double)"/>
    /// <param name="delay">How long; <see cref="Timeout.InfiniteTimeSpan"/> sleeps until the task is cancelled.</param>
    public static Coroutine Sleep(TimeSpan delay) => Sleep(Durations.Limit(delay));

    /// <summary>Sleeps, then gives <paramref name="result"/>.</summary>
    /// <inheritdoc cref="Sleep(double)"/>
    public static Coroutine<T> Sleep<T>(double seconds, T result)
    {
        return Sleeping(Durations.Delay(seconds), result);

        static async Coroutine<T> Sleeping(double seconds, T result)
        {
            await Sleep(seconds);
            return result;
        }
    }

    /// <summary>Sleeps, then gives <paramref name="result"/>.</summary>
    /// <inheritdoc cref="Sleep(TimeSpan)"/>
    public static Coroutine<T> Sleep<T>(TimeSpan delay, T result) => Sleep(Durations.Limit(delay), result);

    /// <summary>Refused: a sleep takes no token.</summary>
    [Obsolete("A sleep needs no token: cancelling the task ends it. To let a token from outside cancel a task, give it to Aio.CreateTask or Aio.Run.", error: true)]
    public static Coroutine Sleep(double seconds, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc cref="Sleep(double, CancellationToken)"/>
    [Obsolete("A sleep needs no token: cancelling the task ends it. To let a token from outside cancel a task, give it to Aio.CreateTask or Aio.Run.", error: true)]
    public static Coroutine Sleep(TimeSpan delay, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Lets everything else that is ready run once: <c>Sleep(0)</c>, spelled as .NET does.</summary>
    public static Coroutine Yield() => Coroutine.OfYield;

    /// <summary>The loop that runs in this thread. Asyncio: <c>get_running_loop()</c>.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static EventLoop GetRunningLoop() => EventLoop.RequireRunning();

    /// <summary>The running loop, else the one that was set for this thread. Asyncio: <c>get_event_loop()</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static EventLoop GetEventLoop() =>
        EventLoop.Running ?? t_loop ?? throw new InvalidOperationException($"There is no current event loop in thread '{Thread.CurrentThread.Name ?? Environment.CurrentManagedThreadId.ToString(System.Globalization.CultureInfo.InvariantCulture)}'.");

    /// <summary>Sets the loop that <see cref="GetEventLoop"/> gives in this thread while none runs. Asyncio: <c>set_event_loop()</c>.</summary>
    public static void SetEventLoop(EventLoop? loop) => t_loop = loop;

    /// <summary>A new loop, not set for any thread. Asyncio: <c>new_event_loop()</c>.</summary>
    public static EventLoop NewEventLoop(EventLoopOptions? options = null) => new(options);

    [ThreadStatic]
    private static EventLoop? t_loop;

    private static Coroutine SleepNow(double seconds)
    {
        Durations.Delay(seconds);
        return Coroutine.OfYield;
    }
}
