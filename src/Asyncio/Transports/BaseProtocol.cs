namespace Asyncio.LowLevel;

/// <summary>Who is told what happens to a transport: derive and override. The counterpart of <c>asyncio.BaseProtocol</c>.</summary>
/// <remarks>
/// All calls come from the loop, in this order: <see cref="ConnectionMade"/>, what is received, <see cref="ConnectionLost"/>. None comes
/// after the last.
/// </remarks>
public abstract class BaseProtocol
{
    /// <summary>The connection is there. Asyncio: <c>connection_made()</c>.</summary>
    /// <param name="transport">To be kept by whoever wants to write or close.</param>
    public virtual void ConnectionMade(BaseTransport transport)
    {
    }

    /// <summary>The connection is gone; called once. Asyncio: <c>connection_lost()</c>.</summary>
    /// <param name="error">Null if the peer or this side has closed it.</param>
    public virtual void ConnectionLost(Exception? error)
    {
    }

    /// <summary>More is waiting to be sent than the transport's upper limit. Asyncio: <c>pause_writing()</c>.</summary>
    public virtual void PauseWriting()
    {
    }

    /// <summary>Enough has been sent to write again. Asyncio: <c>resume_writing()</c>.</summary>
    public virtual void ResumeWriting()
    {
    }
}
