using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Reads what is there, up to so many bytes; all until the end if the number is negative.</summary>
internal sealed class ReadSomeLeaf : ReadLeaf<byte[]>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private int _count;

    protected override string Call => "ReadAsync";

    internal static Coroutine<byte[]> Create(AsyncStreamReader reader, int count)
    {
        var leaf = Unsafe.As<ReadSomeLeaf?>(t_pool.Rent()) ?? new ReadSomeLeaf();
        leaf._count = count;
        return leaf.Start(reader);
    }

    protected override bool HasEnough => _count == 0 || Reader.IsEnded || (_count > 0 && Reader.Buffered > 0);

    protected override bool TryTake()
    {
        if (!HasEnough)
        {
            return false;
        }

        Result = Reader.Take(_count < 0 ? int.MaxValue : _count);
        return true;
    }

    internal override void Release()
    {
        Waiter = null;
        Reader = null!;
        Result = null!;
        t_pool.Return(this);
    }
}
