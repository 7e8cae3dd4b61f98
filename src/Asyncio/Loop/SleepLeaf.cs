using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>A sleep: parked until its deadline.</summary>
internal sealed class SleepLeaf : TimerNode
{
    [ThreadStatic]
    private static FramePool t_pool;

    private double _seconds;

    internal override string Name => "Aio.Sleep";

    internal static Coroutine Create(double seconds)
    {
        var leaf = Unsafe.As<SleepLeaf?>(t_pool.Rent()) ?? new SleepLeaf();
        leaf._seconds = seconds;
        if (NeverAwaited.TracksAll)
        {
            NeverAwaited.Track(leaf); // the await that is forgotten most often
        }

        return new Coroutine(leaf, leaf.Version);
    }

    protected override bool Begin(Strand strand)
    {
        // Forever is a wait without a timer; only a cancellation ends it.
        if (!double.IsPositiveInfinity(_seconds))
        {
            var loop = strand.Loop;
            loop.AddTimer(this, loop.Time() + _seconds, isDue: false);
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
