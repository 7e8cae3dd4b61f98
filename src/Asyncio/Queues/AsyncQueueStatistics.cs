namespace Asyncio;

/// <summary>The state of an <see cref="AsyncQueue{T}"/> at one moment.</summary>
/// <param name="Items">How many items are in it.</param>
/// <param name="MaxSize">How many it may hold; zero and less is without limit.</param>
/// <param name="Getters">How many wait for an item. Who was woken is not among them, even before its turn.</param>
/// <param name="Putters">How many wait for room. Who was woken is not among them, even before its turn.</param>
/// <param name="Unfinished">How many items were put in and not yet reported by <see cref="AsyncQueue{T}.TaskDone"/>.</param>
/// <param name="IsShutDown">It was shut down.</param>
public readonly record struct AsyncQueueStatistics(int Items, int MaxSize, int Getters, int Putters, int Unfinished, bool IsShutDown);
