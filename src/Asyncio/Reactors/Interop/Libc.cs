using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>The system calls of Linux that the reactors make themselves, and the numbers they take.</summary>
/// <remarks>None suppresses the transition that lets the garbage collector run: each may block or take long.</remarks>
internal static unsafe partial class Libc
{
    internal const int O_NONBLOCK = 0x800;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;

    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;

    /// <summary>Of any kind of socket, in bytes.</summary>
    internal const int LongestAddress = 128;

    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;

    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;

    internal const int EFD_NONBLOCK = 0x800;
    internal const int EFD_CLOEXEC = 0x80000;

    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLPRI = 2;
    internal const uint EPOLLOUT = 4;
    internal const uint EPOLLERR = 8;
    internal const uint EPOLLHUP = 0x10;
    internal const uint EPOLLRDHUP = 0x2000;
    internal const uint EPOLLET = 1u << 31;

    private const int NumberOfFiles = 7; // RLIMIT_NOFILE

    /// <summary>Of the last call that failed on this thread.</summary>
    internal static int LastError => Marshal.GetLastPInvokeError();

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Descriptor;
        internal short Events;
        internal short ReturnedEvents;
    }

    /// <summary>With two words of the machine: right wherever <c>long</c> has 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(int descriptor, int command, nint argument);

    /// <summary>How many descriptors this process may have, as text; a question mark where that cannot be told.</summary>
    internal static string FileLimit
    {
        get
        {
            var limits = stackalloc nuint[2]; // the one in force, and how far it may be raised
            return GetLimits(NumberOfFiles, limits) == 0 ? limits[0].ToString(System.Globalization.CultureInfo.InvariantCulture) : "?";
        }
    }

    /// <summary>Calls on it give <see cref="Errno.EAGAIN"/> instead of waiting.</summary>
    internal static void SetNonBlocking(int descriptor)
    {
        var flags = Fcntl(descriptor, F_GETFL, 0);
        if ((flags & O_NONBLOCK) == 0)
        {
            Fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    internal static partial nint WriteAt(int descriptor, byte* buffer, nint length, long position);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int descriptor, byte* buffer, nint length, int flags);

    /// <summary>The handles are held while the call lasts: it is made on other threads than the loop's. An offset is 64 bits wide wherever <c>long</c> is.</summary>
    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    internal static partial nint Sendfile(SafeHandle socket, SafeHandle file, long* offset, nint length);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    internal static partial nint ReceiveFrom(int descriptor, byte* buffer, nint length, int flags, byte* address, int* addressLength);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    internal static partial nint SendTo(int descriptor, byte* buffer, nint length, int flags, byte* address, int addressLength);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    internal static partial int Accept(int descriptor, byte* address, int* addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int descriptor, byte* address, int addressLength);

    [LibraryImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    internal static partial int GetPeerName(SafeHandle socket, byte* address, int* addressLength);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimits(int resource, nuint* limits);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int descriptor, byte* epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, byte* events, int maxEvents, int milliseconds);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    internal static partial int EpollWaitPrecisely(int epoll, byte* events, int maxEvents, TimeSpec* timeout, void* signals);
}
