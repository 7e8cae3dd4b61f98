using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>An operation on a socket of the user's that gives a number: of bytes, or nothing of interest.</summary>
internal sealed class SocketLeaf : IoLeaf<int>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private object? _handle;
    private int _done;

    internal override string Name => $"EventLoop.Sock{Request.Kind}";

    /// <param name="handle">A socket or a pipe.</param>
    internal static Coroutine<int> Create(IoKind kind, object handle, Memory<byte> buffer = default, SocketAddress? address = null)
    {
        var leaf = Unsafe.As<SocketLeaf?>(t_pool.Rent()) ?? new SocketLeaf();
        leaf._handle = handle;
        leaf._done = 0;
        leaf.Request.Kind = kind;
        leaf.Request.Buffer = buffer;
        leaf.Request.Address = address;
        NeverAwaited.TrackIfDebug(leaf);
        return new Coroutine<int>(leaf);
    }

    protected override Channel Open(EventLoop loop) => loop.Borrowed.Of(_handle!);

    protected override bool Take(int result)
    {
        Result = _done += result;
        if (Request.Kind != IoKind.Send || result == Request.Buffer.Length)
        {
            return true;
        }

        Request.Buffer = Request.Buffer[result..];
        return false;
    }

    internal override void Release()
    {
        _handle = null;
        Forget();
        t_pool.Return(this);
    }
}
