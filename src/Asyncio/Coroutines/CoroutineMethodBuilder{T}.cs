using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Builds the coroutines of <c>async Coroutine&lt;T&gt;</c> methods; used by the compiler.</summary>
/// <typeparam name="T">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct CoroutineMethodBuilder<T>
{
    private Frame<T> _frame;

    /// <summary>A new builder.</summary>
    public static CoroutineMethodBuilder<T> Create() => default;

    /// <summary>The coroutine: its body has not begun.</summary>
    public Coroutine<T> Task => new(_frame, _frame.Version);

    /// <summary>Moves the state machine into a frame without running it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start<[DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        var frame = MachineFrame<TStateMachine, T>.Rent();
        _frame = frame; // before the copy: this builder is a field of the machine, and the copy must know its frame
        frame.Machine = stateMachine;
    }

    /// <summary>Does nothing: the machine lives in its frame from the start.</summary>
    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The body has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetResult(T result)
    {
        var frame = _frame;
        frame.Result = result;
        frame.Status = FrameStatus.Succeeded;
    }

    /// <summary>The body has thrown.</summary>
    public void SetException(Exception exception) => _frame.Fail(exception);

    /// <summary>The body awaits something whose awaiter is not critical: a foreign one.</summary>
    public void AwaitOnCompleted<TAwaiter, [DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var frame = _frame;
        frame.Link = null;
        ForeignWait.Park(Strand.Active!, frame, ref awaiter);
    }

    /// <summary>The body awaits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, [DynamicallyAccessedMembers(MachineMembers.Needed)] TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var frame = _frame;
        if (default(TAwaiter) is not null && awaiter is ICoroutineAwaiter)
        {
            // No scheduler, no current strand: the trampoline finds the child in Link and runs it next.
            var child = Unsafe.As<TAwaiter, Frame?>(ref awaiter);
            if (child is null)
            {
                frame.Status = FrameStatus.Yielding;
                return;
            }

            child.Parent = frame;
            if (!ReferenceEquals(frame.Link, child))
            {
                frame.Link = child; // a loop that awaits one queue gets the same leaf each time, and a reference that stays is not written again
            }
        }
        else if (default(TAwaiter) is not null && awaiter is IFutureAwaiter)
        {
            frame.Link = null;
            Strand.Active!.ParkOnFuture(Unsafe.As<TAwaiter, Future>(ref awaiter), frame);
        }
        else
        {
            frame.Link = null;
            ForeignWait.ParkCritical(Strand.Active!, frame, ref awaiter);
        }
    }
}
