namespace Asyncio;

/// <summary>The state of an <see cref="AsyncBarrier"/> at one moment.</summary>
/// <param name="Parties">How many tasks it takes.</param>
/// <param name="Waiting">How many have come and wait for the others; 0 while they are leaving, and while it is reset or broken.</param>
/// <param name="IsBroken">It was aborted, and not reset since.</param>
public readonly record struct AsyncBarrierStatistics(int Parties, int Waiting, bool IsBroken);
