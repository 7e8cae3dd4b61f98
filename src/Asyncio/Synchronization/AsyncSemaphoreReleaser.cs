namespace Asyncio;

/// <summary>What <see cref="AsyncSemaphore.AcquireAsync"/> gives: returns the permit when disposed, which is what <c>using</c> does.</summary>
public readonly record struct AsyncSemaphoreReleaser : IDisposable
{
    internal readonly AsyncSemaphore? Semaphore;

    internal AsyncSemaphoreReleaser(AsyncSemaphore semaphore) => Semaphore = semaphore;

    /// <summary>As <see cref="AsyncSemaphore.Release"/>, also in what it throws; <c>default</c> releases nothing. Call it once.</summary>
    public void Dispose() => Semaphore?.Release();
}
