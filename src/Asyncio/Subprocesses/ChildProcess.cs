using System.Text;

namespace Asyncio;

/// <summary>
/// A process of Linux that this one has started and not reaped yet. Until it is reaped its number belongs to it, and it is reaped where it
/// is signalled, on the loop's thread: no signal can meet a stranger.
/// </summary>
internal sealed unsafe class ChildProcess
{
    /// <summary>What asyncio tells for a child whose status somebody else has taken.</summary>
    private const int StolenStatus = 255;

    private ChildProcess(int pid) => Pid = pid;

    internal int Pid { get; }

    internal bool IsReaped { get; private set; }

    /// <summary>Somebody else in this process has reaped it: how it ended is not known.</summary>
    internal bool IsStolen { get; private set; }

    /// <exception cref="IOException">It cannot be started; see also <see cref="ProgramSearch.ErrorFor"/>.</exception>
    internal static ChildProcess Start(SpawnRequest request, ChildStdio stdio)
    {
        var path = ProgramSearch.Resolve(request);
        byte* actions = stackalloc byte[ProcessCalls.OpaqueSize];
        byte* attributes = stackalloc byte[ProcessCalls.OpaqueSize];
        using var arguments = new NativeStrings([request.Program, .. request.Arguments]);
        using var environment = new NativeStrings(request.EnvironmentLines());
        ProcessCalls.InitActions(actions);
        ProcessCalls.InitAttributes(attributes);
        try
        {
            DescribeStdio(actions, stdio);
            DescribeDirectory(actions, request);
            DescribeAttributes(attributes, request);
            int pid;
            int error;
            fixed (byte* program = Encoding.UTF8.GetBytes(path + '\0'))
            {
                error = ProcessCalls.Spawn(&pid, program, actions, attributes, arguments.Pointer, environment.Pointer);
            }

            return error == 0 ? new ChildProcess(pid) : throw ProgramSearch.ErrorFor(error, path, request);
        }
        finally
        {
            ProcessCalls.DestroyActions(actions);
            ProcessCalls.DestroyAttributes(attributes);
        }
    }

    /// <summary>Does nothing to one that has ended.</summary>
    /// <exception cref="UnauthorizedAccessException">It runs as somebody whom this process may not signal.</exception>
    internal void Signal(int number)
    {
        if (!IsReaped && ProcessCalls.Kill(Pid, number) < 0 && Libc.LastError == Errno.EPERM)
        {
            throw new UnauthorizedAccessException($"Process {Pid} may not be signalled.");
        }
    }

    /// <summary>Takes the status of one that has ended: its exit code, or the negative number of the signal that ended it. Null: it still runs.</summary>
    internal int? TryReap() => Reap(ProcessCalls.WNOHANG);

    /// <summary>As <see cref="TryReap"/>, waiting.</summary>
    internal void Reap() => Reap(0);

    /// <summary>Returns when it has ended. It is not reaped, and its number stays its own.</summary>
    internal void AwaitEnd()
    {
        byte* information = stackalloc byte[ProcessCalls.OpaqueSize];
        while (ProcessCalls.WaitId(ProcessCalls.P_PID, (uint)Pid, information, ProcessCalls.WEXITED | ProcessCalls.WNOWAIT) < 0 && Libc.LastError == Errno.EINTR)
        {
        }
    }

    private int? Reap(int options)
    {
        int status;
        int result;
        do
        {
            result = ProcessCalls.WaitPid(Pid, &status, options);
        }
        while (result < 0 && Libc.LastError == Errno.EINTR);

        if (result == 0)
        {
            return null;
        }

        IsReaped = true;
        IsStolen = result < 0;
        return IsStolen ? StolenStatus : ReturnCode(status);
    }

    private static int ReturnCode(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : -signal;
    }

    private static void DescribeStdio(byte* actions, ChildStdio stdio)
    {
        for (var fd = 0; fd < 3; fd++)
        {
            if (stdio.Given(fd) is >= 0 and var descriptor)
            {
                ProcessCalls.AddDuplicate(actions, descriptor, fd);
            }
        }

        if (stdio.ErrorsGoToOutput)
        {
            ProcessCalls.AddDuplicate(actions, 1, 2);
        }

        CloseOthers(actions);
    }

    /// <summary>
    /// .NET's descriptors are all closed on exec; what native libraries and this process's own parent left open is closed where the C library can.
    /// </summary>
    private static void CloseOthers(byte* actions)
    {
        try
        {
            ProcessCalls.AddCloseFrom(actions, ChildStdio.FirstOther);
        }
        catch (EntryPointNotFoundException)
        {
            // musl, and glibc before 2.34.
        }
    }

    private static void DescribeDirectory(byte* actions, SpawnRequest request)
    {
        if (request.WorkingDirectory is { } directory)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(directory + '\0'))
            {
                ProcessCalls.AddChangeDirectory(actions, path);
            }
        }
    }

    private static void DescribeAttributes(byte* attributes, SpawnRequest request)
    {
        // .NET ignores SIGPIPE, and what is ignored stays so in the child: `yes | head` would never end.
        byte* signals = stackalloc byte[ProcessCalls.OpaqueSize];
        ProcessCalls.EmptySignalSet(signals);
        ProcessCalls.AddSignal(signals, ProcessCalls.SIGPIPE);
        ProcessCalls.AddSignal(signals, ProcessCalls.SIGXFSZ);
        ProcessCalls.SetDefaultSignals(attributes, signals);
        var flags = ProcessCalls.POSIX_SPAWN_SETSIGDEF;
        if (request.StartNewSession)
        {
            flags |= ProcessCalls.POSIX_SPAWN_SETSID;
        }

        if (request.ProcessGroup is { } group)
        {
            flags |= ProcessCalls.POSIX_SPAWN_SETPGROUP;
            ProcessCalls.SetProcessGroup(attributes, group);
        }

        ProcessCalls.SetFlags(attributes, flags);
    }
}
