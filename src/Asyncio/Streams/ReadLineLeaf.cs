using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Reads a line as bytes, with its newline.</summary>
internal sealed class ReadLineLeaf : LineLeaf<byte[]>
{
    [ThreadStatic]
    private static FramePool t_pool;

    protected override string Call => "ReadLineAsync";

    internal static Coroutine<byte[]> Create(AsyncStreamReader reader)
    {
        var leaf = Unsafe.As<ReadLineLeaf?>(t_pool.Rent()) ?? new ReadLineLeaf();
        leaf.Separators = Separators.Newline;
        return leaf.Start(reader);
    }

    protected override byte[] Convert(ReadOnlySpan<byte> data) => data.ToArray();

    internal override void Release()
    {
        Forget();
        t_pool.Return(this);
    }
}
