using System.Net.Sockets;

namespace Asyncio.IO.Tests.Loop;

/// <summary>A request whose outcome is a future's: what a program on the loop awaits.</summary>
internal sealed class FutureRequest : IoRequest
{
    private readonly EventLoop _loop;

    public FutureRequest(EventLoop loop, IoKind kind, Memory<byte> buffer)
    {
        _loop = loop;
        Kind = kind;
        Buffer = buffer;
        Done = loop.CreateFuture<int>();
    }

    public Future<int> Done { get; }

    internal override void OnCompleted(int result) => _loop.CallSoon(() => Done.SetResult(result));
}
