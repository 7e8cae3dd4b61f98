using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>The frame of an <c>async Coroutine</c> method: holds the compiler's state machine by value (Release) or by reference (Debug).</summary>
internal sealed class MachineFrame<
    [DynamicallyAccessedMembers(MachineMembers.Needed)] TMachine, T> : Frame<T>
    where TMachine : IAsyncStateMachine
{
    private static readonly bool s_transparent = MachineMembers.HasNoHandlers(typeof(TMachine));

    [ThreadStatic]
    private static FramePool t_pool;

    internal TMachine Machine = default!;

    internal override string Name => MachineMembers.MethodName(typeof(TMachine));

    internal override bool IsTransparent => s_transparent;

    internal override Type MachineType => typeof(TMachine);

    internal override int State => MachineMembers.StateOf(Machine, typeof(TMachine));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static MachineFrame<TMachine, T> Rent()
    {
        var frame = Unsafe.As<MachineFrame<TMachine, T>?>(t_pool.Rent());
        if (frame is null)
        {
            return Create();
        }

        NeverAwaited.TrackIfDebug(frame);
        return frame;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MachineFrame<TMachine, T> Create()
    {
        var frame = new MachineFrame<TMachine, T>();
        NeverAwaited.Sample(frame);
        return frame;
    }

    internal override Frame? Run(Strand strand)
    {
        Status = FrameStatus.Started;
        Machine.MoveNext();
        switch (Status)
        {
            case FrameStatus.Started:
                return Unsafe.As<Frame?>(Link);
            case FrameStatus.Yielding:
                strand.ParkOnYield(this);
                return null;
            default:
                return Return(strand);
        }
    }

    internal override void Release()
    {
        Machine = default!;
        Result = default!;
        t_pool.Return(this);
    }

    internal override bool TryReplaceAwaiter(ForeignAwaiterKind kind, Exception error)
    {
        var field = MachineMembers.AwaiterField(typeof(TMachine), kind.AwaiterType);
        if (field is null || !kind.CanThrow)
        {
            return false;
        }

        // Reflection, because the field is the compiler's: only a cancelled foreign await comes here.
        object boxed = Machine;
        field.SetValue(boxed, kind.Throwing(error, field.GetValue(boxed)!));
        Machine = (TMachine)boxed;
        return true;
    }

    internal override object? ParkedAwaiter(Type awaiter) =>
        MachineMembers.AwaiterField(typeof(TMachine), awaiter)?.GetValue(Machine);
}
