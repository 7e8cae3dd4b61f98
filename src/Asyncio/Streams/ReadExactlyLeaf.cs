using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Reads a number of bytes into a new array: it is made when all of them are there, so that a number that a peer has sent costs nothing before.</summary>
internal sealed class ReadExactlyLeaf : ReadLeaf<byte[]>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private int _count;

    protected override string Call => "ReadExactlyAsync";

    internal static Coroutine<byte[]> Create(AsyncStreamReader reader, int count)
    {
        var leaf = Unsafe.As<ReadExactlyLeaf?>(t_pool.Rent()) ?? new ReadExactlyLeaf();
        leaf._count = count;
        return leaf.Start(reader);
    }

    protected override bool HasEnough => Reader.Buffered >= _count || Reader.IsEnded;

    protected override bool TryTake()
    {
        if (Reader.Buffered >= _count)
        {
            Result = Reader.Take(_count);
            return true;
        }

        return Reader.IsEnded ? throw new IncompleteReadException(Reader.Take(int.MaxValue), _count) : false;
    }

    internal override void Release()
    {
        Waiter = null;
        Reader = null!;
        Result = null!;
        t_pool.Return(this);
    }
}
