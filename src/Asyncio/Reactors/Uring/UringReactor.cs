using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// The reactor on io_uring. Operations are written into memory that is shared with the kernel and handed over by the next
/// <see cref="Poll"/> or <see cref="Wait"/>, all at once: at most one system call an iteration, and none if there is nothing to do.
/// </summary>
internal sealed partial class UringReactor : Reactor
{
    private readonly HashSet<UringChannel> _channels = [];
    private readonly OperationTable _operations = new();
    private readonly MessagePool _messages = new();
    private readonly WakeSignal _wake;
    private readonly UringFiles _files;
    private Ring _ring;

    /// <summary>How many operations the kernel has, or will have when it is entered next.</summary>
    private int _inKernel;

    private int _active;
    private bool _inRun; // from a run's first poll on, until it leaves
    private bool _told;
    private bool _woken;
    private bool _disposed;

    private UringReactor(Ring ring, ReceiveBuffers buffers, WakeSignal wake)
    {
        _ring = ring;
        Buffers = buffers;
        _wake = wake;
        _files = new UringFiles(this);
    }

    /// <summary>
    /// A reactor, if this system has what it needs; else null and the reason, as the end of a sentence. It tries by doing, since io_uring is
    /// often forbidden.
    /// </summary>
    internal static UringReactor? TryCreate(out string reason)
    {
        if (!UringNative.IsSupportedHere)
        {
            reason = "it is for Linux on x64 and arm64 only.";
            return null;
        }

        var ring = Ring.TryCreate(out var error);
        if (ring is null)
        {
            reason = error switch
            {
                0 => "the kernel's io_uring is too old.",
                Errno.EINVAL => "the kernel's io_uring is too old: it does not know the flags.",
                _ => $"io_uring_setup gives {Errno.Describe(error)}.",
            };
            return null;
        }

        var buffers = new ReceiveBuffers();
        var wake = WakeSignal.TryCreate(out error);
        reason =
            wake is null ? $"eventfd gives {Errno.Describe(error)}."
            : buffers.Register(ring) < 0 ? "the kernel's io_uring has no rings of buffers."
            : !CanRun(ring) ? "it does not complete what is submitted."
            : "";
        if (reason.Length == 0)
        {
            return new UringReactor(ring, buffers, wake!);
        }

        ring.Dispose();
        buffers.Dispose();
        wake?.Dispose();
        return null;
    }

    internal override ReactorKind Kind => ReactorKind.IoUring;

    internal override int Active => _active;

    internal override IFileQueue Files => _files;

    internal ReceiveBuffers Buffers { get; }

    /// <summary>True outside of polls: nobody may be told anything; it is kept for the next poll.</summary>
    internal bool IsLeaving { get; private set; }

    /// <summary>Whether operations may be handed over: outside of a run, the next may be in another thread.</summary>
    internal bool InRun => _inRun;

    internal override void Poll()
    {
        // The memory that is looked into is gone after that.
        ObjectDisposedException.ThrowIf(_disposed, this);
        _inRun = true;
        if (HasLater)
        {
            DoLater();
        }

        if (_ring.WantsKernel || _backlog.Count > 0)
        {
            Enter(0);
        }

        Reap();
    }

    internal override void Wait(double seconds)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _inRun = true;
        var isTimed = seconds > 0 && double.IsFinite(seconds);
        var end = isTimed ? SystemClock.Seconds() + seconds : 0;
        var left = seconds;
        _told = false;
        do
        {
            DoLater();
            Enter(_told || _woken || HasLater ? 0 : left);
            Reap();
            if (isTimed)
            {
                left = end - SystemClock.Seconds();
            }

            // What came may have been a signal of the system or the end of something cancelled: that is not what is waited for.
        }
        while (!_told && !_woken && left > 0);

        _woken = false;
    }

    internal override void Wake() => _wake.Raise();

    internal override Channel Open(Socket socket) => Add(new UringChannel(this, socket, socket.SafeHandle));

    internal override Channel Open(SafeHandle handle) => Add(new UringChannel(this, null, handle));

    internal void Forget(UringChannel channel) => _channels.Remove(channel);

    private UringChannel Add(UringChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _channels.Add(channel);
        return channel;
    }

    private static bool CanRun(Ring ring)
    {
        ring.TryWrite(new SubmissionEntry { Opcode = UringOpcode.NoOperation });
        while (ring.Unsubmitted > 0)
        {
            if (ring.Enter(0) is < 0 and not -Errno.EINTR)
            {
                return false;
            }
        }

        return ring.Completed == 1 && ring.Take().Result == 0;
    }
}
