namespace Asyncio;

/// <summary>The three cases of <c>WaitFor</c>: no limit, no time at all, and a time limit.</summary>
internal static class WaitingFor
{
    internal static Coroutine<T> Create<T>(Coroutine<T> coroutine, double seconds) => Durations.Delay(seconds) switch
    {
        double.PositiveInfinity => coroutine,
        <= 0 => WithoutTime(coroutine),
        _ => TimeoutFrame<T>.Create(seconds, coroutine),
    };

    internal static Coroutine<T> Create<T>(IAwaitable<T> awaitable, double seconds)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        return Durations.Delay(seconds) > 0 ? Create(awaitable.AsCoroutine(), seconds) : WithoutTime(awaitable);
    }

    /// <summary>What is done counts. Anything else is cancelled, a coroutine before its first step, and waited for.</summary>
    private static async Coroutine<T> WithoutTime<T>(IAwaitable<T> awaitable)
    {
        var future = awaitable.AsFuture(EventLoop.RequireRunning());
        if (future.IsCompleted)
        {
            return future.Result();
        }

        future.Cancel();
        await Aio.Wait([future]);
        try
        {
            return future.Result();
        }
        catch (CancelledException e)
        {
            throw TimeoutScope.MakeTimeout(e);
        }
    }
}
