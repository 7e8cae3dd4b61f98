using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>An operation on a socket of the user's that gives a number: of bytes, or nothing of interest.</summary>
internal sealed class SocketLeaf : IoLeaf<int>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private object? _handle; // or a channel
    private int _done;
    private bool _givesPart;

    internal override string Name => $"EventLoop.Sock{Request.Kind}";

    /// <param name="handle">A socket or a pipe of the user's.</param>
    internal static Coroutine<int> Create(IoKind kind, object handle, Memory<byte> buffer = default, SocketAddress? address = null) =>
        new(Rent(kind, handle, buffer, address));

    /// <summary>Waits until the channel can be written to.</summary>
    internal static Coroutine<int> CreateWait(Channel channel) => new(Rent(IoKind.WaitWritable, channel, default, null));

    /// <summary>
    /// Sends the data, and always tells how much of it was sent: after a part, a cancellation or an error gives its length, and comes again
    /// at the next await.
    /// </summary>
    internal static Coroutine<int> CreateSend(Channel channel, Memory<byte> data)
    {
        var leaf = Rent(IoKind.Send, channel, data, null);
        leaf._givesPart = true;
        return new Coroutine<int>(leaf);
    }

    private static SocketLeaf Rent(IoKind kind, object handle, Memory<byte> buffer, SocketAddress? address)
    {
        var leaf = Unsafe.As<SocketLeaf?>(t_pool.Rent()) ?? new SocketLeaf();
        leaf._handle = handle;
        leaf._done = 0;
        leaf._givesPart = false;
        leaf.Request.Kind = kind;
        leaf.Request.Buffer = buffer;
        leaf.Request.Address = address;
        NeverAwaited.TrackIfDebug(leaf);
        return leaf;
    }

    protected override Channel Open(EventLoop loop) => _handle as Channel ?? loop.Borrowed.Of(_handle!);

    protected override bool Take(int result)
    {
        Result = _done += result;
        if (Request.Kind != IoKind.Send || _givesPart || result == Request.Buffer.Length)
        {
            return true;
        }

        Request.Buffer = Request.Buffer[result..];
        return false;
    }

    /// <summary>
    /// A reset that met a send in the middle has given the number of bytes instead, and the system tells it once: what it says of the rest
    /// is "broken pipe".
    /// </summary>
    protected override Exception ErrorFor(SocketError error) =>
        base.ErrorFor(error == SocketError.Shutdown && _done > 0 && _handle is Socket ? SocketError.ConnectionReset : error);

    internal override void Release()
    {
        _handle = null;
        Forget();
        t_pool.Return(this);
    }
}
