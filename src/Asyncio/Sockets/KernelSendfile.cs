using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// Linux's <c>sendfile</c>, on one of the loop's file threads: it never waits for the peer, but it does wait for the disk where the file
/// is not in memory.
/// </summary>
internal static unsafe class KernelSendfile
{
    /// <summary>The most that one turn of a thread sends, in bytes: the files of others wait for the thread.</summary>
    private const long Turn = 4 * 1024 * 1024;

    /// <summary>Null if there is such a call here, else why not.</summary>
    internal static string? WhyNot(EventLoop loop) =>
        loop.Reactor.Kind == LowLevel.ReactorKind.Portable ? "the loop's reactor is the portable one"
        : !Environment.Is64BitProcess ? "this process has 32 bits"
        : null;

    /// <summary>The kernel cannot do it with these two, whatever they are; nothing was sent.</summary>
    internal static bool IsRefusal(int error) => error is Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EPERM;

    /// <summary>Sends as much as the socket takes now, and no more than a turn.</summary>
    /// <param name="socket">It does not block.</param>
    internal static Outcome Send(SafeHandle socket, SafeFileHandle file, long offset, long count)
    {
        long sent = 0;
        while (sent < Math.Min(count, Turn))
        {
            var from = offset + sent;
            var length = Libc.Sendfile(socket, file, &from, (nint)(Math.Min(count, Turn) - sent));
            if (length > 0)
            {
                sent += length;
            }
            else if (length == 0)
            {
                return new Outcome(sent, 0, AtEnd: true);
            }
            else if (Libc.LastError != Errno.EINTR)
            {
                return new Outcome(sent, Libc.LastError, AtEnd: false);
            }
        }

        return new Outcome(sent, 0, AtEnd: false);
    }

    /// <param name="Sent">In bytes, also before an error.</param>
    /// <param name="Error">Why it stopped, as an errno; <see cref="Errno.EAGAIN"/> if the socket takes no more now.</param>
    /// <param name="AtEnd">The file has no more.</param>
    internal readonly record struct Outcome(long Sent, int Error, bool AtEnd);
}
