using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>The descriptors of a child's three standard streams while it is started, and this process's ends of its pipes.</summary>
/// <remarks>All are closed on exec, so that no other child inherits an end: the child gets duplicates.</remarks>
internal sealed unsafe class ChildStdio : IDisposable
{
    /// <summary>The first descriptor that is no standard stream.</summary>
    internal const int FirstOther = 3;

    private readonly SafeFileHandle?[] _given = new SafeFileHandle?[3];
    private readonly SafeFileHandle?[] _kept = new SafeFileHandle?[3];

    /// <param name="useSockets">Instead of pipes, for a reactor that can only do sockets.</param>
    internal ChildStdio(SpawnRequest request, bool useSockets)
    {
        UsesSockets = useSockets;
        try
        {
            Prepare(0, request.Stdin);
            Prepare(1, request.Stdout);
            Prepare(2, request.Stderr);
        }
        catch
        {
            Dispose();
            throw;
        }

        ErrorsGoToOutput = request.Stderr.Kind == StdioKind.Stdout;
    }

    /// <summary>The child's pipes are pairs of sockets.</summary>
    internal bool UsesSockets { get; }

    internal bool ErrorsGoToOutput { get; }

    /// <summary>What the child is to get as <paramref name="fd"/>; negative to leave that alone.</summary>
    internal int Given(int fd) => _given[fd] is { } handle ? (int)handle.DangerousGetHandle() : -1;

    internal bool HasPipe(int fd) => _kept[fd] is not null;

    /// <summary>This process's end, which is from now on the caller's.</summary>
    internal SafeFileHandle TakePipe(int fd)
    {
        var handle = _kept[fd]!;
        _kept[fd] = null;
        return handle;
    }

    /// <summary>As <see cref="TakePipe"/>, where sockets were asked for.</summary>
    internal Socket TakeSocket(int fd)
    {
        using var handle = TakePipe(fd);
        var descriptor = handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Closes what nobody has taken, and the child's ends: it has its own by now.</summary>
    public void Dispose()
    {
        foreach (var handle in _given)
        {
            handle?.Dispose();
        }

        foreach (var handle in _kept)
        {
            handle?.Dispose();
        }
    }

    private void Prepare(int fd, StdioTarget target)
    {
        switch (target.Kind)
        {
            case StdioKind.Pipe:
                MakePipe(fd);
                break;
            case StdioKind.DevNull:
                _given[fd] = Aside(File.OpenHandle("/dev/null", FileMode.Open, fd == 0 ? FileAccess.Read : FileAccess.Write, FileShare.ReadWrite));
                break;
            case StdioKind.File:
                _given[fd] = Aside(OpenFile(fd, (string)target.Source!, target.Append));
                break;
            case StdioKind.Handle:
                _given[fd] = Duplicate((SafeHandle)target.Source!);
                break;
        }
    }

    private void MakePipe(int fd)
    {
        var ends = stackalloc int[2];
        var result = UsesSockets
            ? ProcessCalls.SocketPair(ProcessCalls.AF_UNIX, ProcessCalls.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends)
            : ProcessCalls.Pipe(ends, ProcessCalls.O_CLOEXEC);
        if (result < 0)
        {
            throw LastError("No pipe can be made");
        }

        var (reading, writing) = (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
        (_kept[fd], _given[fd]) = fd == 0 ? (writing, reading) : (reading, writing);
        _given[fd] = Aside(_given[fd]!);
        _kept[fd] = Aside(_kept[fd]!);
    }

    // Nothing of .NET's locks: the child would hold the lock for as long as it lives.
    private static SafeFileHandle OpenFile(int fd, string path, bool append) => fd == 0
        ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        : OpenForWriting(path, append);

    private static SafeFileHandle OpenForWriting(string path, bool append)
    {
        var handle = File.OpenHandle(path, append ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (append)
        {
            // FileMode.Append is .NET's own affair; the child needs the system's.
            const int O_APPEND = 0x400;
            var descriptor = (int)handle.DangerousGetHandle();
            Libc.Fcntl(descriptor, Libc.F_SETFL, Libc.Fcntl(descriptor, Libc.F_GETFL, 0) | O_APPEND);
        }

        return handle;
    }

    /// <summary>
    /// Above the standard streams: if one of those is closed in this process, a new descriptor gets its number, and the child's would overwrite it.
    /// </summary>
    private static SafeFileHandle Aside(SafeFileHandle handle)
    {
        if (handle.DangerousGetHandle() >= FirstOther)
        {
            return handle;
        }

        using (handle)
        {
            return Duplicate(handle);
        }
    }

    private static SafeFileHandle Duplicate(SafeHandle handle)
    {
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var descriptor = Libc.Fcntl((int)handle.DangerousGetHandle(), ProcessCalls.F_DUPFD_CLOEXEC, FirstOther);
            return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError("The handle cannot be given to a child");
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static IOException LastError(string what) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(Libc.LastError)}.", new Win32Exception(Libc.LastError));
}
