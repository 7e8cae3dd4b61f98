using System.Runtime.InteropServices;

namespace Asyncio.LowLevel;

/// <summary>A child process and its pipes. The counterpart of <c>asyncio.SubprocessTransport</c>; from <see cref="EventLoop.SubprocessExec"/>.</summary>
/// <remarks>
/// <see cref="BaseTransport.Close"/> closes the pipes and kills the process if it runs. Without it, the transport is closed when the process has ended and
/// its pipes have. When a loop is closed, its processes that still run are killed.
/// </remarks>
public abstract class SubprocessTransport : BaseTransport
{
    private protected SubprocessTransport()
    {
    }

    /// <summary>The number of the process. Asyncio: <c>get_pid()</c>.</summary>
    public abstract int Pid { get; }

    /// <summary>Its exit code, or −N if signal N ended it; null while it runs. Asyncio: <c>get_returncode()</c>.</summary>
    public abstract int? ReturnCode { get; }

    /// <summary>The transport of a pipe. Asyncio: <c>get_pipe_transport()</c>.</summary>
    /// <param name="fd">0, 1 or 2.</param>
    /// <returns>Null if there is no pipe there.</returns>
    public abstract Transport? GetPipeTransport(int fd);

    /// <summary>Sends a signal; numbers without a name by the system's: <c>(PosixSignal)10</c>. Asyncio: <c>send_signal()</c>.</summary>
    /// <exception cref="InvalidOperationException">It has ended, and its protocol was told.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    /// <exception cref="UnauthorizedAccessException">The process runs as somebody else.</exception>
    public abstract void SendSignal(PosixSignal signal);

    /// <summary>Asks it to end: SIGTERM. Asyncio: <c>terminate()</c>.</summary>
    /// <inheritdoc cref="SendSignal"/>
    public void Terminate() => SendSignal(PosixSignal.SIGTERM);

    /// <summary>Ends it: SIGKILL. Asyncio: <c>kill()</c>.</summary>
    /// <inheritdoc cref="SendSignal"/>
    public void Kill() => SendSignal((PosixSignal)ProcessCalls.SIGKILL);
}
