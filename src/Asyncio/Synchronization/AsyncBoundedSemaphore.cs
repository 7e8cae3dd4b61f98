namespace Asyncio;

/// <summary>A semaphore that refuses to be released more often than it was acquired. The counterpart of <c>asyncio.BoundedSemaphore</c>.</summary>
/// <inheritdoc cref="AsyncSemaphore" path="/remarks"/>
public sealed class AsyncBoundedSemaphore : AsyncSemaphore
{
    private readonly int _bound;

    /// <summary>A semaphore with <paramref name="value"/> permits, and never more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
    public AsyncBoundedSemaphore(int value = 1)
        : base(value) => _bound = value;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All permits are free already.</exception>
    public override void Release()
    {
        if (Permits >= _bound)
        {
            throw new InvalidOperationException("BoundedSemaphore released too many times.");
        }

        base.Release();
    }
}
