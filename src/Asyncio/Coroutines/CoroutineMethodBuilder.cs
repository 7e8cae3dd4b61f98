using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Builds the coroutines of <c>async Coroutine</c> methods; used by the compiler.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct CoroutineMethodBuilder
{
    private CoroutineMethodBuilder<Unit> _inner;

    /// <summary>A new builder.</summary>
    public static CoroutineMethodBuilder Create() => default;

    /// <summary>The coroutine: its body has not begun.</summary>
    public Coroutine Task => _inner.Task.AsUnit();

    /// <summary>Moves the state machine into a frame without running it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start<[DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => _inner.Start(ref stateMachine);

    /// <summary>Does nothing: the machine lives in its frame from the start.</summary>
    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The body has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetResult() => _inner.SetResult(default);

    /// <summary>The body has thrown.</summary>
    public void SetException(Exception exception) => _inner.SetException(exception);

    /// <summary>The body awaits.</summary>
    public void AwaitOnCompleted<TAwaiter, [DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _inner.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>The body awaits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, [DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _inner.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
