using System.Diagnostics;
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

    /// <summary>
    /// True if nothing has to be suspended: of a coroutine that has no frame, or of one of the library's own (a free lock, a queue with
    /// items) that could be done at once, and with that is. False for a method's coroutine. Never runs user code.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public bool IsCompleted => Frame is not { } frame
        ? _version != Coroutine.YieldVersion + 1
        : frame.Status != FrameStatus.Created && frame.IsCompletedAtAwait(_version);

    /// <summary>Takes the outcome; throws what the coroutine failed with.</summary>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GetResult()
    {
        if (Frame is { } frame)
        {
            frame.Consume(_version);
        }
        else if (_version == Coroutine.YieldVersion + 1)
        {
            Strand.EndYield();
        }
    }

    /// <summary>For foreign state machines: runs the coroutine as part of the current task and calls back when it has ended. Never throws.</summary>
    public void OnCompleted(Action continuation) => GuestStrand.Start(Frame, continuation);

    /// <inheritdoc cref="OnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => GuestStrand.Start(Frame, continuation);
}
