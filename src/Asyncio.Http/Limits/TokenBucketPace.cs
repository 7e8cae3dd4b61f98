namespace Asyncio.Http;

/// <summary>
/// A bucket into which tokens drop at a rate. It is kept as the time when it will be full: one number, in which no rounding adds up, and for which nothing has
/// to run while nobody asks.
/// </summary>
internal sealed class TokenBucketPace(EventLoop loop, double perSecond, int burst) : LoopPace(loop)
{
    private readonly double _interval = 1 / perSecond;
    private double _fullAt = double.NegativeInfinity;

    public override bool IsIdle => _fullAt <= Now;

    protected override double Wait => _fullAt - ((burst - 1) * _interval) - Now;

    public override void Take() => _fullAt = Math.Max(_fullAt, Now) + _interval;
}
