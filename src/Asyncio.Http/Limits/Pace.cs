namespace Asyncio.Http;

/// <summary>What gives permits to send. The base class library's limiters read the machine's clock and are filled by timers of the thread pool; why those do not do is in docs/decisions/0012.</summary>
internal abstract class Pace : IDisposable
{
    /// <summary>
    /// Held from before the wait until the permit is taken: so permits are given in order, and none is taken before its request can be sent. Null where permits
    /// are taken by waiting, in an order of their own.
    /// </summary>
    public virtual AsyncLock? Line { get; } = new();

    /// <summary>True when one made anew would behave the same.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>Whether there is no need to wait.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Waits until a permit is there. Cancelling it takes none.</summary>
    /// <returns>What is disposed of when the exchange is over, or comes to nothing.</returns>
    public abstract Coroutine<IDisposable?> UntilAvailable(ClientRequest request);

    /// <summary>Takes the permit that is there.</summary>
    public abstract void Take();

    public virtual void Dispose()
    {
        // A number, or some, which nobody else knows.
    }
}
