using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>A sleep: parked until its deadline.</summary>
internal sealed class SleepLeaf : TimerNode
{
    [ThreadStatic]
    private static FramePool t_pool;

    /// <summary>
    /// How long, until the sleep begins: kept where the timer's place in the heap stands from then on. A million parked sleeps are
    /// 8 MB smaller for it.
    /// </summary>
    private double Seconds
    {
        get => BitConverter.Int64BitsToDouble(((long)HeapIndex << 32) | Sequence);
        set
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            HeapIndex = (int)(bits >> 32);
            Sequence = (uint)bits;
        }
    }

    internal override string Name => "Aio.Sleep";

    internal static Coroutine Create(double seconds)
    {
        var leaf = Unsafe.As<SleepLeaf?>(t_pool.Rent()) ?? new SleepLeaf();
        leaf.Seconds = seconds;
        NeverAwaited.TrackIfDebug(leaf); // the await that is forgotten most often
        return new Coroutine(leaf, leaf.Version);
    }

    protected override bool Begin(Strand strand)
    {
        var seconds = Seconds;
        HeapIndex = -1;

        // Forever is a wait without a timer; only a cancellation ends it.
        if (!double.IsPositiveInfinity(seconds))
        {
            var loop = strand.Loop;
            loop.AddTimer(this, loop.Time() + seconds, isDue: false);
        }

        return false;
    }

    internal override void Fire(EventLoop loop) => Wake();

    protected override void Unlink()
    {
        if (HeapIndex >= 0)
        {
            Loop.Timers.Remove(this);
        }
    }

    protected override void GiveBack()
    {
        // Time that has passed belongs to nobody.
    }

    internal override void Release()
    {
        Waiter = null;
        t_pool.Return(this);
    }
}
