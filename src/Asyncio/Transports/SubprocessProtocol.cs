namespace Asyncio.LowLevel;

/// <summary>A protocol over a child process and its pipes. The counterpart of <c>asyncio.SubprocessProtocol</c>.</summary>
public abstract class SubprocessProtocol : BaseProtocol
{
    /// <summary>The child has written. Asyncio: <c>pipe_data_received()</c>.</summary>
    /// <param name="fd">1 for its standard output, 2 for its standard error.</param>
    /// <param name="data">Valid during the call only.</param>
    public virtual void PipeDataReceived(int fd, ReadOnlySpan<byte> data)
    {
    }

    /// <summary>One of the pipes is closed. Asyncio: <c>pipe_connection_lost()</c>.</summary>
    /// <param name="fd">Which: 0, 1 or 2.</param>
    /// <param name="error">Null if it was closed in order.</param>
    public virtual void PipeConnectionLost(int fd, Exception? error)
    {
    }

    /// <summary>The child has ended. Asyncio: <c>process_exited()</c>.</summary>
    public virtual void ProcessExited()
    {
    }
}
