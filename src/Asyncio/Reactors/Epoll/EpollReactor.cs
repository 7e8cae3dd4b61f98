using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// Readiness from Linux's epoll: every descriptor is registered once, when it must be waited for first, edge-triggered and for both
/// directions. The calls that move data are made on the loop's thread.
/// </summary>
internal sealed unsafe class EpollReactor : ReadinessReactor
{
    private const uint Watched =
        Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLET;

    private const ulong WakeKey = ulong.MaxValue; // no channel's: there are not so many

    private readonly EpollEvents _events = new();
    private PollBudget _budget;
    private int _epoll;
    private int _wakeEvent;
    private bool _woken;
    private bool _waitsPrecisely = Environment.Is64BitProcess; // where C's long is not 64 bits wide, the layout of a time is not known

    private EpollReactor(int epoll, int wakeEvent)
    {
        _epoll = epoll;
        _wakeEvent = wakeEvent;
    }

    internal override ReactorKind Kind => ReactorKind.Epoll;

    /// <summary>Null, and why, if the system does not allow it.</summary>
    internal static EpollReactor? TryCreate(out string? reason)
    {
        var epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (epoll < 0)
        {
            reason = $"epoll_create1 gives {Errno.Describe(Libc.LastError)}.";
            return null;
        }

        // Edge-triggered, each write is an event of its own, and the counter need never be read.
        var wakeEvent = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (wakeEvent < 0 || EpollEvents.Control(epoll, Libc.EPOLL_CTL_ADD, wakeEvent, Libc.EPOLLIN | Libc.EPOLLET, WakeKey) < 0)
        {
            reason = $"eventfd gives {Errno.Describe(Libc.LastError)}.";
            CloseIfOpen(wakeEvent);
            CloseIfOpen(epoll);
            return null;
        }

        reason = null;
        return new EpollReactor(epoll, wakeEvent);
    }

    internal override void Poll()
    {
        if (_budget.MayAsk())
        {
            Ask(0);
        }

        TellLocalWork();
    }

    internal override void Wait(double seconds)
    {
        if (HasLocalWork && seconds > 0)
        {
            Poll();
            return;
        }

        Ask(_woken ? 0 : seconds);
        _woken = false;
        TellLocalWork();
    }

    internal override void Wake()
    {
        ulong one = 1;
        Libc.Write(_wakeEvent, (byte*)&one, sizeof(ulong));
    }

    internal override Channel Open(Socket socket)
    {
        CheckOpen(socket.SafeHandle);
        return new EpollChannel(this, socket);
    }

    internal override Channel Open(SafeHandle handle)
    {
        CheckOpen(handle);
        return new EpollChannel(this, handle);
    }

    public override void Dispose()
    {
        if (_epoll < 0)
        {
            return;
        }

        base.Dispose();
        CloseIfOpen(_wakeEvent);
        CloseIfOpen(_epoll);
        _wakeEvent = _epoll = -1;
        _events.Dispose();
    }

    /// <summary>The kernel tells at once what is ready already.</summary>
    internal SocketError Register(int descriptor, ulong key)
    {
        if (EpollEvents.Control(_epoll, Libc.EPOLL_CTL_ADD, descriptor, Watched, key) == 0)
        {
            return SocketError.Success;
        }

        // Registered already: by a channel of before, under the same number and for the same open file, because there was a duplicate.
        var error = Libc.LastError;
        return error == Errno.EEXIST && EpollEvents.Control(_epoll, Libc.EPOLL_CTL_MOD, descriptor, Watched, key) == 0
            ? SocketError.Success
            : Errno.ToSocketError(error);
    }

    /// <summary>Closing the descriptor does as much only if nobody else, a child process for instance, has the same file open.</summary>
    internal void Unregister(int descriptor) => EpollEvents.Control(_epoll, Libc.EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Nothing here holds a channel while the kernel waits: one that is closed meanwhile can be collected.</summary>
    private void Ask(double seconds)
    {
        for (var count = AskKernel(seconds); count > 0; count--)
        {
            var events = _events.Read(count - 1, out var key);
            if (key == WakeKey)
            {
                _woken = true;
            }
            else
            {
                (Channels.Find(key) as EpollChannel)?.OnEvents(events);
            }
        }
    }

    /// <summary>How many events there are. None, too, if a signal ended the wait: the loop finds out what there is to do.</summary>
    private int AskKernel(double seconds)
    {
        if (!_waitsPrecisely || seconds <= 0 || double.IsPositiveInfinity(seconds))
        {
            return Libc.EpollWait(_epoll, _events.Memory, EpollEvents.Capacity, Milliseconds(seconds));
        }

        var timeout = Precisely(seconds);
        try
        {
            var count = Libc.EpollWaitPrecisely(_epoll, _events.Memory, EpollEvents.Capacity, &timeout, null);
            if (count >= 0 || Libc.LastError != Errno.ENOSYS)
            {
                return count;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library that is older than the call.
        }

        _waitsPrecisely = false;
        return AskKernel(seconds);
    }

    // Rounded up, so that the loop does not spin through the last one.
    private static int Milliseconds(double seconds) =>
        double.IsPositiveInfinity(seconds) ? -1 : (int)Math.Ceiling(Math.Clamp(seconds, 0, int.MaxValue / 1000) * 1000);

    private static Libc.TimeSpec Precisely(double seconds)
    {
        var whole = Math.Floor(Math.Min(seconds, int.MaxValue));
        return new Libc.TimeSpec { Seconds = (nint)whole, Nanoseconds = (nint)Math.Min((seconds - whole) * 1e9, 999_999_999) };
    }

    // The number of one that is closed may be another's by now.
    private static void CheckOpen(SafeHandle handle) => ObjectDisposedException.ThrowIf(handle.IsClosed || handle.IsInvalid, handle);

    private static void CloseIfOpen(int descriptor)
    {
        if (descriptor >= 0)
        {
            Libc.Close(descriptor);
        }
    }
}
