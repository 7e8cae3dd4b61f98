using System.Globalization;

namespace Asyncio;

/// <summary>The three cases of <c>WaitFor</c>: no limit, no time at all, and a time limit.</summary>
internal static class WaitingFor
{
    internal static Coroutine<T> Create<T>(Coroutine<T> coroutine, double seconds) => Create(coroutine, Durations.Delay(seconds, "timeout"), null);

    internal static Coroutine<T> Create<T>(IAwaitable<T> awaitable, double seconds)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        return Durations.Delay(seconds, "timeout") > 0 ? Create(awaitable.AsCoroutine(), seconds, awaitable) : WithoutTime(awaitable);
    }

    private static Coroutine<T> Create<T>(Coroutine<T> coroutine, double seconds, IAwaitable<T>? awaitable) => seconds switch
    {
        double.PositiveInfinity => coroutine,
        <= 0 => WithoutTime(coroutine),
        _ => TimeoutFrame<T>.Create(seconds, coroutine, awaitable),
    };

    /// <summary>What the timeout says.</summary>
    internal static string MessageFor<T>(IAwaitable<T> awaitable, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"Aio.WaitFor: {Describe(awaitable)} had not ended after {seconds:0.######} s.");

    private static string Describe<T>(IAwaitable<T> awaitable) => awaitable switch
    {
        Future future => future.Describe(),
        Coroutine<T> coroutine => coroutine.Name,
        _ => awaitable.ToString() ?? awaitable.GetType().Name,
    };

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
            throw TimeoutScope.Wrap(e, MessageFor(awaitable, 0));
        }
    }
}
