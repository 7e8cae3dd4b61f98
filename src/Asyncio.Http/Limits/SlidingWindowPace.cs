namespace Asyncio.Http;

/// <summary>The times of the last permits: one comes back a window after it was taken. A window in segments would let twice as many through at the wrong moment.</summary>
internal sealed class SlidingWindowPace(EventLoop loop, int permits, double seconds) : LoopPace(loop)
{
    private readonly Queue<double> _taken = new();

    public override bool IsIdle
    {
        get
        {
            Forget();
            return _taken.Count == 0;
        }
    }

    protected override double Wait
    {
        get
        {
            Forget();
            return _taken.Count < permits ? 0 : _taken.Peek() + seconds - Now;
        }
    }

    public override void Take() => _taken.Enqueue(Now);

    private void Forget()
    {
        while (_taken.TryPeek(out var first) && first + seconds <= Now)
        {
            _taken.Dequeue();
        }
    }
}
