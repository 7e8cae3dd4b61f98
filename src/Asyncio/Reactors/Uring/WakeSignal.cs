using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>How other threads end the wait: an event descriptor that the ring watches.</summary>
/// <remarks>
/// Its counter is never read back: the kernel tells each write, whatever stands there, and it would take 2^64 wake-ups to fill it. So
/// no read has to be armed again after each, and a ring that is given up cannot swallow what was meant for the next.
/// </remarks>
internal sealed unsafe class WakeSignal : IDisposable
{
    /// <summary>What the ring gives back for it: no operation has this tag.</summary>
    internal const ulong Tag = ulong.MaxValue;

    private readonly SafeFileHandle _event;
    private int _raised;

    private WakeSignal(int descriptor) => _event = new SafeFileHandle(descriptor, ownsHandle: true);

    /// <summary>Null, and the errno, if there is none to be had.</summary>
    internal static WakeSignal? TryCreate(out int error)
    {
        var descriptor = UringNative.CreateEvent();
        error = Math.Max(0, -descriptor);
        return descriptor >= 0 ? new WakeSignal(descriptor) : null;
    }

    /// <summary>From any thread. Only the first since the loop looked costs a system call.</summary>
    internal void Raise()
    {
        if (Interlocked.Exchange(ref _raised, 1) != 0)
        {
            return;
        }

        try
        {
            var one = 1ul;
            _ = UringNative.Write(_event, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has closed meanwhile: there is nobody to wake.
        }
    }

    /// <summary>Whether it was raised since the last time this was asked.</summary>
    /// <remarks>A full fence: what the loop looks at next must not have been read before the signal could be raised again.</remarks>
    internal bool Reset() => Interlocked.Exchange(ref _raised, 0) != 0;

    internal SubmissionEntry Watch() => new()
    {
        Opcode = UringOpcode.PollAdd,
        Descriptor = (int)_event.DangerousGetHandle(),
        Length = UringValues.PollMany,
        OperationFlags = UringValues.PollIn,
        UserData = Tag,
    };

    public void Dispose() => _event.Dispose();
}
