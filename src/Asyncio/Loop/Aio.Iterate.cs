namespace Asyncio;

public static partial class Aio
{
    /// <summary>
    /// The same items, and the loop knows of the enumeration: one that is abandoned half-way, and not disposed of, is disposed of when the
    /// loop ends, so that its <c>finally</c> blocks run. For those that do not stand in an <c>await foreach</c>, which disposes by itself.
    /// </summary>
    /// <param name="source">Usually what an <c>async IAsyncEnumerable</c> method returned.</param>
    /// <remarks>Asyncio does this for every asynchronous generator; .NET has no hook for that. See <see cref="EventLoop.ShutdownAsyncgens"/>.</remarks>
    public static IAsyncEnumerable<T> Iterate<T>(IAsyncEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source as TrackedEnumerable<T> ?? new TrackedEnumerable<T>(source);
    }
}
