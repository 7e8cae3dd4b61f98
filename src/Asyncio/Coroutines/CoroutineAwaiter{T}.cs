using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Awaits a <see cref="Coroutine{T}"/>; used by the compiler.</summary>
/// <typeparam name="T">The result.</typeparam>
public readonly struct CoroutineAwaiter<T> : ICriticalNotifyCompletion, ICoroutineAwaiter
{
    // First field: the builder reads it through a reference to the awaiter.
    internal readonly Frame<T>? Frame;
    private readonly uint _version;
    private readonly T _value;

    internal CoroutineAwaiter(Frame<T>? frame, uint version, T value)
    {
        Frame = frame;
        _version = version;
        _value = value;
    }

    /// <inheritdoc cref="CoroutineAwaiter.IsCompleted"/>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public bool IsCompleted => Frame is not { } frame || (frame.Status != FrameStatus.Created && frame.IsCompletedAtAwait(_version));

    /// <summary>The result; throws what the coroutine failed with.</summary>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GetResult() => Frame is { } frame ? frame.Consume(_version) : _value;

    /// <inheritdoc cref="CoroutineAwaiter.OnCompleted"/>
    public void OnCompleted(Action continuation) => GuestStrand.Start(Frame!, continuation);

    /// <inheritdoc cref="CoroutineAwaiter.OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => GuestStrand.Start(Frame!, continuation);
}
