namespace Asyncio.LowLevel;

/// <summary>A protocol over a stream of bytes. The counterpart of <c>asyncio.Protocol</c>.</summary>
public abstract class Protocol : BaseProtocol
{
    /// <summary>Bytes came: at least one, in pieces of any size. Asyncio: <c>data_received()</c>.</summary>
    /// <param name="data">Valid during the call only: what is to be kept must be copied.</param>
    public virtual void DataReceived(ReadOnlySpan<byte> data)
    {
    }

    /// <summary>The peer will send no more. Asyncio: <c>eof_received()</c>.</summary>
    /// <returns>True keeps this side open for writing; false closes the transport.</returns>
    public virtual bool EofReceived() => false;
}
