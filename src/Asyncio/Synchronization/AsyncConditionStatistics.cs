namespace Asyncio;

/// <summary>The state of an <see cref="AsyncCondition"/> at one moment.</summary>
/// <param name="Waiters">How many wait to be notified, with those whose turn is about to come. Who waits for the lock is not among them.</param>
/// <param name="Lock">The state of its lock.</param>
public readonly record struct AsyncConditionStatistics(int Waiters, AsyncLockStatistics Lock);
