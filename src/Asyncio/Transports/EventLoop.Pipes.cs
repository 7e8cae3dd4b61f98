using System.Runtime.InteropServices;
using Asyncio.LowLevel;

namespace Asyncio;

// Pipes and terminals.
public sealed partial class EventLoop
{
    /// <summary>Makes a transport of the reading end of a pipe, which belongs to it from here on. Asyncio: <c>connect_read_pipe()</c>.</summary>
    /// <param name="protocolFactory">Makes the protocol.</param>
    /// <param name="pipe">A pipe, a terminal or a character device.</param>
    /// <exception cref="ArgumentException">It is something else, a file for instance.</exception>
    /// <exception cref="PlatformNotSupportedException">The loop's reactor is the portable one, which can only do sockets.</exception>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> ConnectReadPipe<TProtocol>(Func<TProtocol> protocolFactory, SafeHandle pipe)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        CheckPipe(pipe);
        var protocol = protocolFactory();
        var begun = CreateFuture<Unit>();
        var transport = new ReadPipeTransport(this, pipe, protocol, begun, ThreadContext.Inherit());
        await OrClose(begun, transport);
        return (transport, protocol);
    }

    /// <summary>Makes a transport of the writing end of a pipe, which belongs to it from here on. Asyncio: <c>connect_write_pipe()</c>.</summary>
    /// <inheritdoc cref="ConnectReadPipe{TProtocol}(Func{TProtocol}, SafeHandle)"/>
    public async Coroutine<(Transport Transport, TProtocol Protocol)> ConnectWritePipe<TProtocol>(Func<TProtocol> protocolFactory, SafeHandle pipe)
        where TProtocol : BaseProtocol
    {
        ArgumentNullException.ThrowIfNull(protocolFactory);
        CheckPipe(pipe);
        var protocol = protocolFactory();
        var begun = CreateFuture<Unit>();
        var transport = new WritePipeTransport(this, pipe, protocol, begun, ThreadContext.Inherit());
        await OrClose(begun, transport);
        return (transport, protocol);
    }

    private static void CheckPipe(SafeHandle pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        if (FileStatus.Of(pipe) is { IsStream: false })
        {
            throw new ArgumentException("Pipe transports are for pipes, sockets and character devices only.", nameof(pipe));
        }
    }
}
