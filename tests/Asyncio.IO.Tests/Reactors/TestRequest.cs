using System.Net;
using System.Net.Sockets;

namespace Asyncio.IO.Tests.Reactors;

internal sealed class TestRequest : IoRequest
{
    public TestRequest(IoKind kind, Memory<byte> buffer = default, SocketAddress? address = null)
    {
        Kind = kind;
        Buffer = buffer;
        Address = address;
    }

    public TestRequest(IoKind kind, EndPoint address)
        : this(kind, default, address.Serialize())
    {
    }

    public int Completions { get; set; }

    public int Result { get; private set; }

    public SocketError Failure => Error(Result);

    public Action<int>? Then { get; set; }

    internal override void OnCompleted(int result)
    {
        Completions++;
        Result = result;
        Then?.Invoke(result);
    }
}
