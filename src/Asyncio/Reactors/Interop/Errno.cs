using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Linux's error numbers, and the <see cref="SocketError"/> each is told as.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EFAULT = 14;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ENOTTY = 25;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int EPIPE = 32;
    internal const int ENOSYS = 38;
    internal const int ENONET = 64;
    internal const int EPROTO = 71;
    internal const int EBADFD = 77;
    internal const int ENOTSOCK = 88;
    internal const int EDESTADDRREQ = 89;
    internal const int EMSGSIZE = 90;
    internal const int EPROTOTYPE = 91;
    internal const int ENOPROTOOPT = 92;
    internal const int EPROTONOSUPPORT = 93;
    internal const int ESOCKTNOSUPPORT = 94;
    internal const int EOPNOTSUPP = 95;
    internal const int EPFNOSUPPORT = 96;
    internal const int EAFNOSUPPORT = 97;
    internal const int EADDRINUSE = 98;
    internal const int EADDRNOTAVAIL = 99;
    internal const int ENETDOWN = 100;
    internal const int ENETUNREACH = 101;
    internal const int ENETRESET = 102;
    internal const int ECONNABORTED = 103;
    internal const int ECONNRESET = 104;
    internal const int ENOBUFS = 105;
    internal const int EISCONN = 106;
    internal const int ENOTCONN = 107;
    internal const int ESHUTDOWN = 108;
    internal const int ETIMEDOUT = 110;
    internal const int ECONNREFUSED = 111;
    internal const int EHOSTDOWN = 112;
    internal const int EHOSTUNREACH = 113;
    internal const int EALREADY = 114;
    internal const int EINPROGRESS = 115;
    internal const int ECANCELED = 125;

    /// <summary>The same as .NET's own sockets tell on Linux, so that a program sees no difference between reactors.</summary>
    internal static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        EPERM or EACCES => SocketError.AccessDenied,
        ENOENT or EADDRNOTAVAIL => SocketError.AddressNotAvailable,
        EINTR => SocketError.Interrupted,
        EBADF or ECANCELED => SocketError.OperationAborted,
        EAGAIN => SocketError.WouldBlock,
        ENOMEM or ENOBUFS or ENOSPC => SocketError.NoBufferSpaceAvailable,
        EFAULT => SocketError.Fault,
        EINVAL => SocketError.InvalidArgument,
        ENFILE or EMFILE => SocketError.TooManyOpenSockets,
        EPIPE or ESHUTDOWN => SocketError.Shutdown,
        ENOSYS or EOPNOTSUPP => SocketError.OperationNotSupported,
        ENOTSOCK => SocketError.NotSocket,
        EDESTADDRREQ => SocketError.DestinationAddressRequired,
        EMSGSIZE => SocketError.MessageSize,
        EPROTOTYPE => SocketError.ProtocolType,
        ENOPROTOOPT => SocketError.ProtocolOption,
        EPROTONOSUPPORT => SocketError.ProtocolNotSupported,
        ESOCKTNOSUPPORT => SocketError.SocketNotSupported,
        EPFNOSUPPORT => SocketError.ProtocolFamilyNotSupported,
        EAFNOSUPPORT => SocketError.AddressFamilyNotSupported,
        EADDRINUSE => SocketError.AddressAlreadyInUse,
        ENETDOWN => SocketError.NetworkDown,
        ENETUNREACH => SocketError.NetworkUnreachable,
        ENETRESET => SocketError.NetworkReset,
        ECONNABORTED => SocketError.ConnectionAborted,
        ECONNRESET or EIO => SocketError.ConnectionReset, // the latter from a terminal whose other end is closed
        EISCONN => SocketError.IsConnected,
        ENOTCONN => SocketError.NotConnected,
        ETIMEDOUT => SocketError.TimedOut,
        ECONNREFUSED => SocketError.ConnectionRefused,
        EHOSTDOWN => SocketError.HostDown,
        EHOSTUNREACH => SocketError.HostUnreachable,
        EALREADY => SocketError.AlreadyInProgress,
        EINPROGRESS => SocketError.InProgress,

        // A number that the list lacks must not become -1, which is no result (see IoRequest.Failed).
        _ => SocketError.SystemNotReady,
    };

    /// <summary>The connection that was to be accepted is gone, the listening socket is well: the next may be taken.</summary>
    internal static bool ConcernsOneConnection(int errno) => errno is
        EINTR or EPERM or ECONNABORTED or EPROTO or ENOPROTOOPT or ENONET or EHOSTDOWN or EHOSTUNREACH or ENETDOWN or ENETUNREACH or EOPNOTSUPP;

    /// <summary>An error for a message: its name, what it means, and what can be done about it.</summary>
    internal static string Describe(int errno)
    {
        var text = Marshal.GetPInvokeErrorMessage(errno);
        return errno switch
        {
            EMFILE => $"EMFILE ({text}; this process may have {Libc.FileLimit} at a time: close some, or raise the limit, see ulimit -n)",
            ENFILE => $"ENFILE ({text}: raise fs.file-max)",
            ENOMEM => $"ENOMEM ({text}; or too little may be locked, see ulimit -l)",
            EPERM => $"EPERM ({text}: it is not allowed here)",
            EACCES => $"EACCES ({text}: it is not allowed here)",
            ENOSYS => $"ENOSYS ({text}: the kernel does not have it)",
            EINVAL => $"EINVAL ({text})",
            EBADF => $"EBADF ({text})",
            EFAULT => $"EFAULT ({text})",
            _ => $"error {errno} ({text})",
        };
    }
}
