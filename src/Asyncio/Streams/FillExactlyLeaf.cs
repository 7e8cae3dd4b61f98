using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Fills the caller's memory.</summary>
internal sealed class FillExactlyLeaf : FillLeaf<Unit>
{
    [ThreadStatic]
    private static FramePool t_pool;

    protected override string Call => "ReadExactlyAsync";

    internal static Coroutine Create(AsyncStreamReader reader, Memory<byte> memory)
    {
        var leaf = Unsafe.As<FillExactlyLeaf?>(t_pool.Rent()) ?? new FillExactlyLeaf();
        leaf.Memory = memory;
        return leaf.Start(reader).AsUnit();
    }

    protected override int Needed => Memory.Length;

    protected override void Complete()
    {
    }

    protected override void CompleteAtEnd()
    {
        var partial = Memory.Span[..Filled].ToArray();
        throw new IncompleteReadException(partial, Memory.Length);
    }

    internal override void Release()
    {
        Forget();
        t_pool.Return(this);
    }
}
