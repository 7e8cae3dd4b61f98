using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Reads what is there into the caller's memory.</summary>
internal sealed class ReadIntoLeaf : FillLeaf<int>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private bool _onlyWaits;

    protected override string Call => "ReadAsync";

    internal static Coroutine<int> Create(AsyncStreamReader reader, Memory<byte> memory)
    {
        var leaf = Unsafe.As<ReadIntoLeaf?>(t_pool.Rent()) ?? new ReadIntoLeaf();
        leaf.Memory = memory;
        return leaf.Start(reader);
    }

    /// <summary>Ends when there is something to read, and reads nothing.</summary>
    internal static Coroutine<int> CreateWait(AsyncStreamReader reader)
    {
        var leaf = Unsafe.As<ReadIntoLeaf?>(t_pool.Rent()) ?? new ReadIntoLeaf();
        leaf._onlyWaits = true;
        return leaf.Start(reader);
    }

    protected override int Needed => _onlyWaits || !Memory.IsEmpty ? 1 : 0;

    protected override void Complete() => Result = Filled;

    protected override void CompleteAtEnd() => Result = 0;

    internal override void Release()
    {
        Forget();
        _onlyWaits = false;
        t_pool.Return(this);
    }
}
