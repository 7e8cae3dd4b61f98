using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Waits for what happens to a connection: that there is room to write, or that it is closed.</summary>
internal sealed class ConnectionLeaf : WaiterLeaf<Unit>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private ConnectionEvent? _event;

    internal override string Name => _event?.Name ?? "AsyncStreamWriter";

    internal static Coroutine Create(ConnectionEvent what)
    {
        var leaf = Unsafe.As<ConnectionLeaf?>(t_pool.Rent()) ?? new ConnectionLeaf();
        leaf._event = what;
        NeverAwaited.TrackIfDebug(leaf);
        return new Coroutine(leaf, leaf.Version);
    }

    protected override bool Begin(Strand strand)
    {
        if (!_event!.IsPending)
        {
            return true;
        }

        _event.Add(this, strand.Loop);
        return false;
    }

    protected override void Unlink() => _event!.Remove(this);

    protected override void GiveBack()
    {
        // What has happened to a connection has happened to all.
    }

    internal override void Release()
    {
        Waiter = null;
        _event = null;
        t_pool.Return(this);
    }
}
