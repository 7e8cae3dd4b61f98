using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Accepts one connection on a socket of the user's.</summary>
internal sealed class AcceptLeaf : IoLeaf<Socket>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private Socket? _listener;

    internal override string Name => "EventLoop.SockAccept";

    internal static Coroutine<Socket> Create(Socket listener)
    {
        var leaf = Unsafe.As<AcceptLeaf?>(t_pool.Rent()) ?? new AcceptLeaf();
        leaf._listener = listener;
        leaf.Request.Kind = IoKind.Accept;
        NeverAwaited.TrackIfDebug(leaf);
        return new Coroutine<Socket>(leaf);
    }

    protected override Channel Open(EventLoop loop) => loop.Borrowed.Of(_listener!);

    protected override bool Take(int result)
    {
        Result = Request.Accepted!;
        return true;
    }

    internal override void Release()
    {
        _listener = null;
        Forget();
        t_pool.Return(this);
    }
}
