namespace Asyncio;

/// <summary>The state of an <see cref="AsyncSemaphore"/> at one moment.</summary>
/// <param name="Permits">How many permits are free. One that was handed to a waiter is not, even before its turn.</param>
/// <param name="Waiters">How many wait for one, with those whose turn is about to come.</param>
public readonly record struct AsyncSemaphoreStatistics(int Permits, int Waiters);
