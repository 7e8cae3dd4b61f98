using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The loop of a primitive: that of the first operation that had to wait. Before it the primitive belongs to no loop, and an
/// operation that does not wait never asks; so asyncio's own primitives behave.
/// </summary>
internal struct LoopBinding
{
    private EventLoop? _loop;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Bind(EventLoop loop, object primitive)
    {
        if (!ReferenceEquals(_loop, loop))
        {
            BindSlowly(loop, primitive);
        }
    }

    // Two loops on two threads may race to be the first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BindSlowly(EventLoop loop, object primitive)
    {
        if (Interlocked.CompareExchange(ref _loop, loop, null) is not null)
        {
            throw new InvalidOperationException($"{primitive} is bound to a different event loop.");
        }
    }
}
