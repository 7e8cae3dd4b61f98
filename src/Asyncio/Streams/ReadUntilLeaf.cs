using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Reads up to a separator; what is too long stays in the buffer.</summary>
internal sealed class ReadUntilLeaf : SearchLeaf<byte[]>
{
    [ThreadStatic]
    private static FramePool t_pool;

    protected override string Call => "ReadUntilAsync";

    internal static Coroutine<byte[]> Create(AsyncStreamReader reader, Separators separators)
    {
        var leaf = Unsafe.As<ReadUntilLeaf?>(t_pool.Rent()) ?? new ReadUntilLeaf();
        leaf.Separators = separators;
        return leaf.Start(reader);
    }

    protected override byte[] Convert(ReadOnlySpan<byte> data) => data.ToArray();

    protected override Exception TooLong(string message, int consumed) => new LimitOverrunException(message, consumed);

    protected override void CompleteAtEnd() => throw new IncompleteReadException(Reader.Take(int.MaxValue), null);

    internal override void Release()
    {
        Forget();
        t_pool.Return(this);
    }
}
