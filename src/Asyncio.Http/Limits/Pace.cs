namespace Asyncio.Http;

/// <summary>What gives permits to send. The base class library's limiters read the machine's clock and are filled by timers of the thread pool; why those do not do is in docs/decisions/0010.</summary>
internal abstract class Pace : IDisposable
{
    /// <summary>Held from before the wait until the permit is taken: so permits are given in order, and none is taken before its request can be sent.</summary>
    public AsyncLock Line { get; } = new();

    /// <summary>True when one made anew would behave the same.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>Whether a permit can be had without waiting.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Waits until a permit is there. Cancelling it takes none.</summary>
    public abstract Coroutine UntilAvailable(ClientRequest request);

    /// <summary>Takes the permit that is there; what it gives is disposed of when the exchange is over.</summary>
    public abstract IDisposable? Take();

    /// <summary>The permit will not be taken.</summary>
    public virtual void Abandon()
    {
        // Nothing was set aside.
    }

    public virtual void Dispose()
    {
        // A number, or some, which nobody else knows.
    }
}
