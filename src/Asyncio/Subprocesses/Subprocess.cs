using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>
/// A child process; from <see cref="Aio.CreateSubprocessExec(string, IEnumerable{string}, StdioTarget, StdioTarget, StdioTarget, string?, IReadOnlyDictionary{string, string}?, int, bool, int?)"/>. The counterpart of
/// <c>asyncio.subprocess.Process</c>.
/// </summary>
/// <remarks>
/// Cancelling a task that waits for a process leaves the process alone. <c>await using</c> ends it: a process that still runs when the
/// scope is left, by a cancellation too, is killed and waited for. Not thread-safe: only the loop's thread may touch it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Subprocess : IAsyncDisposable
{
    private readonly ProcessTransport _transport;

    internal Subprocess(ProcessTransport transport, StreamSubprocessProtocol protocol)
    {
        _transport = transport;
        Stdin = protocol.Stdin;
        Stdout = protocol.Stdout;
        Stderr = protocol.Stderr;
    }

    /// <summary>Writes to its standard input; null if that is no pipe. Asyncio: <c>stdin</c>.</summary>
    public AsyncStreamWriter? Stdin { get; }

    /// <summary>Reads its standard output; null if that is no pipe. Asyncio: <c>stdout</c>.</summary>
    public AsyncStreamReader? Stdout { get; }

    /// <summary>Reads its standard error; null if that is no pipe. Asyncio: <c>stderr</c>.</summary>
    public AsyncStreamReader? Stderr { get; }

    /// <summary>Its number; of a command of the shell, the shell's. Asyncio: <c>pid</c>.</summary>
    public int Pid => _transport.Pid;

    /// <summary>Its exit code, or −N if signal N ended it; null as long as its end was not noticed. Asyncio: <c>returncode</c>.</summary>
    public int? ReturnCode => _transport.ReturnCode;

    /// <summary>Waits until it ends. Asyncio: <c>wait()</c>.</summary>
    /// <returns>See <see cref="ReturnCode"/>.</returns>
    /// <remarks>
    /// Any number of tasks may wait; cancelling one changes nothing. Does not wait for its pipes, which its own children may hold open.
    /// Who waits for a process and reads none of its pipes waits forever once one is full: use <see cref="CommunicateAsync(ReadOnlyMemory{byte})"/>.
    /// </remarks>
    public Coroutine<int> WaitAsync() => _transport.WaitAsync();

    /// <summary>Writes the input, closes the standard input, reads all output to its end and waits for the process. Asyncio: <c>communicate()</c>.</summary>
    /// <param name="input">What to write; ignored if the standard input is no pipe.</param>
    /// <returns>What it wrote to its standard output and standard error; null for one that is no pipe.</returns>
    /// <remarks>A process that does not read its input is no error. All output is kept in memory. Cancelled, it leaves the process running; what was not read can still be read.</remarks>
    public async Coroutine<(byte[]? Stdout, byte[]? Stderr)> CommunicateAsync(ReadOnlyMemory<byte> input = default)
    {
        var (_, output, errors) = await Aio.Gather(Feed(input), ReadToEnd(1, Stdout), ReadToEnd(2, Stderr));
        await WaitAsync();
        return (output, errors);
    }

    /// <summary>Sends a signal. Asyncio: <c>send_signal()</c>.</summary>
    /// <inheritdoc cref="LowLevel.SubprocessTransport.SendSignal"/>
    public void SendSignal(PosixSignal signal) => _transport.SendSignal(signal);

    /// <summary>Asks it to end: SIGTERM. Asyncio: <c>terminate()</c>.</summary>
    /// <inheritdoc cref="LowLevel.SubprocessTransport.SendSignal"/>
    public void Terminate() => _transport.Terminate();

    /// <summary>Ends it: SIGKILL. Asyncio: <c>kill()</c>.</summary>
    /// <inheritdoc cref="LowLevel.SubprocessTransport.SendSignal"/>
    public void Kill() => _transport.Kill();

    /// <summary>Closes its pipes, kills it if it runs, and waits for its end. Used by <c>await using</c>.</summary>
    public async Coroutine DisposeAsync()
    {
        _transport.Close();
        await WaitAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>As asyncio's: <c>&lt;Subprocess 1234&gt;</c>.</summary>
    public override string ToString() => $"<Subprocess {Pid}>";

    private async Coroutine<Unit> Feed(ReadOnlyMemory<byte> input)
    {
        if (Stdin is not { } stdin)
        {
            return default;
        }

        try
        {
            stdin.Write(input.Span);
            await stdin.DrainAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // It does not want its input (any more): not for us to judge. Anything else is no wish of its.
        }

        stdin.Close();
        return default;
    }

    private async Coroutine<byte[]?> ReadToEnd(int fd, AsyncStreamReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var output = await reader.ReadAsync();
        _transport.GetPipeTransport(fd)!.Close();
        return output;
    }
}
