using Asyncio.LowLevel;

namespace Asyncio.EchoServer;

internal sealed class EchoProtocol : Protocol
{
    private Transport? _transport;

    public override void ConnectionMade(BaseTransport transport) => _transport = (Transport)transport;

    public override void DataReceived(ReadOnlySpan<byte> data) => _transport!.Write(data);
}
