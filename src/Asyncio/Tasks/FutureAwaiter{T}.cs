using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Awaits a future; used by the compiler.</summary>
/// <typeparam name="T">The result.</typeparam>
public readonly struct FutureAwaiter<T> : ICriticalNotifyCompletion, IFutureAwaiter
{
    // First field: the builder reads it through a reference to the awaiter.
    private readonly Future<T> _future;

    internal FutureAwaiter(Future<T> future) => _future = future;

    /// <inheritdoc cref="FutureAwaiter.IsCompleted"/>
    public bool IsCompleted => _future.IsCompleted;

    /// <summary>The result; throws what the future failed with.</summary>
    [StackTraceHidden]
    public T GetResult() => FutureAwaiting.Take(_future);

    /// <inheritdoc cref="FutureAwaiter.OnCompleted"/>
    public void OnCompleted(Action continuation) => FutureGuest.Start(_future, continuation);

    /// <inheritdoc cref="FutureAwaiter.OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => FutureGuest.Start(_future, continuation);
}
