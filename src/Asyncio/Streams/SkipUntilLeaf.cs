using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Drops everything up to a separator, and with it; while it waits, the buffer holds no more than the beginning of one.</summary>
internal sealed class SkipUntilLeaf : ReadLeaf<bool>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private Separators _separators = null!;
    private int _end; // of the separator that was found

    protected override string Call => "SkipUntilAsync";

    internal static Coroutine<bool> Create(AsyncStreamReader reader, Separators separators)
    {
        var leaf = Unsafe.As<SkipUntilLeaf?>(t_pool.Rent()) ?? new SkipUntilLeaf();
        leaf._separators = separators;
        return leaf.Start(reader);
    }

    protected override bool HasEnough => TryFind() || Reader.IsEnded;

    protected override bool TryTake()
    {
        if (TryFind())
        {
            Reader.Drop(_end);
            Result = true;
            return true;
        }

        if (!Reader.IsEnded)
        {
            return false;
        }

        Reader.Drop(Reader.Buffered);
        return true;
    }

    internal override void Release()
    {
        Waiter = null;
        Reader = null!;
        Result = false;
        _separators = null!;
        t_pool.Return(this);
    }

    private bool TryFind()
    {
        var data = Reader.Peek(Reader.Buffered);
        if (_separators.TryFind(data, 0, out _, out _end))
        {
            return true;
        }

        Reader.Drop(Math.Max(0, data.Length + 1 - _separators.Longest));
        return false;
    }
}
