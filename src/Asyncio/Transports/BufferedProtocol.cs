namespace Asyncio.LowLevel;

/// <summary>A protocol over a stream of bytes that gives the buffer itself. The counterpart of <c>asyncio.BufferedProtocol</c>.</summary>
public abstract class BufferedProtocol : BaseProtocol
{
    /// <summary>Where the next bytes are to be put. Asyncio: <c>get_buffer()</c>.</summary>
    /// <param name="sizeHint">How many there may be; -1 if that is not known.</param>
    /// <returns>A buffer that is not empty; it may be shorter than the hint.</returns>
    public abstract Memory<byte> GetBuffer(int sizeHint);

    /// <summary>The first <paramref name="count"/> bytes of the buffer were written. Asyncio: <c>buffer_updated()</c>.</summary>
    public abstract void BufferUpdated(int count);

    /// <inheritdoc cref="Protocol.EofReceived"/>
    public virtual bool EofReceived() => false;
}
