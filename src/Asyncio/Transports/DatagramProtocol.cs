using System.Net;

namespace Asyncio.LowLevel;

/// <summary>A protocol over datagrams. The counterpart of <c>asyncio.DatagramProtocol</c>.</summary>
public abstract class DatagramProtocol : BaseProtocol
{
    /// <summary>A datagram came. Asyncio: <c>datagram_received()</c>.</summary>
    /// <param name="data">Its content, valid during the call only.</param>
    /// <param name="address">Who sent it; one without a path for a sender over socket files that has no name.</param>
    public virtual void DatagramReceived(ReadOnlySpan<byte> data, EndPoint address)
    {
    }

    /// <summary>Sending or receiving has failed; the transport goes on. Asyncio: <c>error_received()</c>.</summary>
    public virtual void ErrorReceived(Exception error)
    {
    }
}
