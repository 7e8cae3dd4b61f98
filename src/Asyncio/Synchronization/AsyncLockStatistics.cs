namespace Asyncio;

/// <summary>The state of an <see cref="AsyncLock"/> at one moment.</summary>
/// <param name="IsLocked">Somebody holds it.</param>
/// <param name="Waiters">How many wait for it, with those whose turn is about to come.</param>
/// <param name="Owner">The task that took it; null if nobody holds it, or if it was taken outside any task.</param>
public readonly record struct AsyncLockStatistics(bool IsLocked, int Waiters, IAsyncTask? Owner);
