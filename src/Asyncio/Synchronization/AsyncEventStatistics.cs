namespace Asyncio;

/// <summary>The state of an <see cref="AsyncEvent"/> at one moment.</summary>
/// <param name="IsSet">The flag.</param>
/// <param name="Waiters">How many wait for it, with those whose turn is about to come.</param>
public readonly record struct AsyncEventStatistics(bool IsSet, int Waiters);
