namespace Asyncio;

/// <summary>A coroutine that waits for a future: what <c>AsCoroutine()</c> gives. As an await, it does not suspend if the future is done.</summary>
internal static class FutureLeaf<T>
{
    internal static async Coroutine<T> Create(Future<T> future) => await future;
}
