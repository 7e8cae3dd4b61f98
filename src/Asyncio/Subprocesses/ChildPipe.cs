using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>The protocol of one of a child's pipes: passes on what happens to it.</summary>
internal class ChildPipe(ProcessTransport process, int fd) : Protocol
{
    /// <summary>Set before anything is told; null only if it could not be made.</summary>
    internal Transport? Transport { get; set; }

    internal bool IsDisconnected { get; private set; }

    // Nothing is to be told of a pipe before the process's own protocol has its transport.
    public override void ConnectionMade(BaseTransport transport)
    {
        if (fd != 0)
        {
            Transport!.PauseReading();
        }

        process.OnPipeConnected();
    }

    // A protocol that fails here is the process's: the pipe goes on, as asyncio's does, and the child is not hurt.
    public override void DataReceived(ReadOnlySpan<byte> data)
    {
        try
        {
            process.Protocol.PipeDataReceived(fd, data);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            process.Report("Exception in protocol.PipeDataReceived()", e);
        }
    }

    public override void PauseWriting() => process.Protocol.PauseWriting();

    public override void ResumeWriting() => process.Protocol.ResumeWriting();

    public override void ConnectionLost(Exception? error)
    {
        IsDisconnected = true;
        process.OnPipeLost(fd, error);
    }
}

/// <summary>For a protocol of ours, which copies the bytes into a reader's buffer and runs nobody's code: it is told inside the poll.</summary>
internal sealed class ChildStreamPipe(ProcessTransport process, int fd) : ChildPipe(process, fd), IStreamSink
{
    void IStreamSink.OnReceived(ReadOnlySpan<byte> data) => DataReceived(data);

    bool IStreamSink.OnEof() => EofReceived();
}
