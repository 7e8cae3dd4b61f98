using System.Net;

namespace Asyncio.LowLevel;

/// <summary>Datagrams in both directions. The counterpart of <c>asyncio.DatagramTransport</c>.</summary>
public abstract class DatagramTransport : BaseTransport
{
    /// <summary>Sends one datagram; an empty one, too. The bytes are copied before this returns. Errors go to <see cref="DatagramProtocol.ErrorReceived"/>. Asyncio: <c>sendto()</c>.</summary>
    /// <param name="data">Its content.</param>
    /// <param name="address">Where to; null is the address that the endpoint was made with.</param>
    /// <exception cref="ArgumentException">The endpoint has an address, and this is another; or neither has one.</exception>
    public abstract void SendTo(ReadOnlySpan<byte> data, EndPoint? address = null);

    /// <inheritdoc cref="Transport.GetWriteBufferSize"/>
    public abstract int GetWriteBufferSize();

    /// <inheritdoc cref="Transport.SetWriteBufferLimits"/>
    public abstract void SetWriteBufferLimits(int? high = null, int? low = null);

    /// <inheritdoc cref="Transport.GetWriteBufferLimits"/>
    public abstract (int Low, int High) GetWriteBufferLimits();
}
