namespace Asyncio.LowLevel;

/// <summary>
/// Chooses which ready handle runs next. Production leaves it unset: first in, first out, as asyncio's. Tests replace it to
/// explore other legal orders.
/// </summary>
public abstract class SchedulingPolicy
{
    /// <summary>The index, from 0 (the oldest), of the handle to run next.</summary>
    /// <param name="ready">How many handles of this iteration are still to run; at least 1.</param>
    /// <returns>A number from 0 to <paramref name="ready"/> − 1. Called on the loop's thread; must not call the loop.</returns>
    public abstract int Next(int ready);
}
