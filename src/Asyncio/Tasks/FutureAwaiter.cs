using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Awaits a future without looking at its result; used by the compiler.</summary>
public readonly struct FutureAwaiter : ICriticalNotifyCompletion, IFutureAwaiter
{
    // First field: the builder reads it through a reference to the awaiter.
    private readonly Future<Unit> _future;

    internal FutureAwaiter(Future<Unit> future) => _future = future;

    /// <summary>True when the future has an outcome: then the await does not suspend.</summary>
    public bool IsCompleted => _future.IsCompleted;

    /// <summary>Throws what the future failed with.</summary>
    [StackTraceHidden]
    public void GetResult() => FutureAwaiting.Take(_future);

    /// <summary>For foreign state machines: calls back as a part of the current task. Never throws.</summary>
    public void OnCompleted(Action continuation) => FutureGuest.Start(_future, continuation);

    /// <inheritdoc cref="OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => FutureGuest.Start(_future, continuation);
}
