namespace Asyncio;

/// <summary>What <see cref="AsyncLock.AcquireAsync"/> and <see cref="AsyncCondition.AcquireAsync"/> give: releases the lock when disposed, which is what <c>using</c> does.</summary>
public readonly record struct AsyncLockReleaser : IDisposable
{
    internal readonly AsyncLock? Lock;
    private readonly int _taking;

    internal AsyncLockReleaser(AsyncLock mutex, int taking)
    {
        Lock = mutex;
        _taking = taking;
    }

    /// <summary>Releases the lock, if it is still held by the acquisition that gave this. A second call does nothing, nor does <c>default</c>.</summary>
    public void Dispose() => Lock?.ReleaseOnce(_taking);
}
