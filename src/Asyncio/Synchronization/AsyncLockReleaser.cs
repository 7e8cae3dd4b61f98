namespace Asyncio;

/// <summary>What <see cref="AsyncLock.AcquireAsync"/> and <see cref="AsyncCondition.AcquireAsync"/> give: releases the lock when disposed, which is what <c>using</c> does.</summary>
public readonly record struct AsyncLockReleaser : IDisposable
{
    internal readonly AsyncLock? Lock;

    internal AsyncLockReleaser(AsyncLock mutex) => Lock = mutex;

    /// <summary>As <see cref="AsyncLock.Release"/>, also in what it throws; <c>default</c> releases nothing. Call it once.</summary>
    public void Dispose() => Lock?.Release();
}
