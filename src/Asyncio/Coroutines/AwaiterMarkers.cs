namespace Asyncio;

/// <summary>
/// Marks the awaiters of coroutines; their first field is the frame. A marker interface, because the JIT answers
/// <c>awaiter is ICoroutineAwaiter</c> for a struct at compile time, also in code that is shared between reference types.
/// </summary>
internal interface ICoroutineAwaiter;

/// <summary>Marks the awaiters of futures; their first field is the future.</summary>
internal interface IFutureAwaiter;
