using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Awaits a <see cref="Coroutine"/>; used by the compiler.</summary>
public readonly struct CoroutineAwaiter : ICriticalNotifyCompletion, ICoroutineAwaiter
{
    // First field: the builder reads it through a reference to the awaiter.
    internal readonly Frame<Unit>? Frame;
    private readonly uint _version;

    internal CoroutineAwaiter(Frame<Unit>? frame, uint version)
    {
        Frame = frame;
        _version = version;
    }

    /// <summary>True only for a coroutine that has no frame. Never runs user code.</summary>
    public bool IsCompleted => Frame is null && _version != Coroutine.YieldVersion + 1;

    /// <summary>Takes the outcome; throws what the coroutine failed with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GetResult()
    {
        if (Frame is { } frame)
        {
            frame.Consume(_version);
        }
        else if (_version == Coroutine.YieldVersion + 1)
        {
            Strand.ThrowIfAsked();
        }
    }

    /// <summary>For foreign state machines: runs the coroutine as part of the current task and calls back when it has ended. Never throws.</summary>
    public void OnCompleted(Action continuation) => GuestStrand.Start(Frame, continuation);

    /// <inheritdoc cref="OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => GuestStrand.Start(Frame, continuation);
}
