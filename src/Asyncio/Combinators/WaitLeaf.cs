namespace Asyncio;

/// <summary>A wait for several futures: one listener for all of them, one timer.</summary>
internal sealed class WaitLeaf<TFuture> : Leaf<WaitResult<TFuture>>
    where TFuture : Future
{
    private readonly IEnumerable<TFuture> _given;
    private readonly double _seconds;
    private readonly ReturnWhen _when;
    private readonly Listener _listener;
    private HashSet<TFuture> _futures = [];
    private Limit? _limit;
    private int _left;

    private WaitLeaf(IEnumerable<TFuture> futures, ReturnWhen when, double seconds)
    {
        _given = futures;
        _when = when;
        _seconds = seconds;
        _listener = new Listener(this);
    }

    internal override string Name => "Aio.Wait";

    internal static Coroutine<WaitResult<TFuture>> Create(IEnumerable<TFuture> futures, ReturnWhen when, double seconds)
    {
        ArgumentNullException.ThrowIfNull(futures);
        var leaf = new WaitLeaf<TFuture>(futures, when, Durations.Delay(seconds));
        return new Coroutine<WaitResult<TFuture>>(leaf, leaf.Version);
    }

    protected override bool Begin(Strand strand)
    {
        _futures = new HashSet<TFuture>(_given);
        if (_futures.Count == 0)
        {
            throw new ArgumentException("Set of Tasks/Futures is empty.", "futures");
        }

        if (_when is not (ReturnWhen.AllCompleted or ReturnWhen.FirstCompleted or ReturnWhen.FirstException))
        {
            throw new ArgumentOutOfRangeException("returnWhen", _when, "Invalid returnWhen value.");
        }

        // Done ones too are counted through the loop: a wait always suspends.
        _left = _futures.Count;
        foreach (var future in _futures)
        {
            if (future is null)
            {
                Unlink();
                throw new ArgumentException("One of the futures is null.", "futures");
            }

            if (!ReferenceEquals(future.LoopField, strand.Loop))
            {
                Unlink();
                throw new InvalidOperationException($"Aio.Wait: {future.Describe()} is attached to a different loop than the waiting task.");
            }

            future.AddListener(_listener);
        }

        if (!double.IsPositiveInfinity(_seconds))
        {
            _limit = new Limit(this);
            strand.Loop.AddTimer(_limit, strand.Loop.Time() + _seconds, isDue: _seconds <= 0);
        }

        return false;
    }

    protected override void Unlink()
    {
        _limit?.Disarm(Loop);
        foreach (var future in _futures)
        {
            future?.RemoveListener(_listener);
        }
    }

    /// <summary>What is done stays done, nothing was handed over; the listeners go as in any case.</summary>
    protected override void GiveBack() => Unlink();

    /// <summary>What is done is told only now: others may have ended since the wake-up.</summary>
    protected override bool Resume(Strand strand)
    {
        if (Status != FrameStatus.Succeeded)
        {
            return true;
        }

        Result = Split();
        return true;
    }

    private WaitResult<TFuture> Split()
    {
        var done = _futures;
        var pending = new HashSet<TFuture>();
        foreach (var future in _futures)
        {
            if (!future.IsCompleted)
            {
                future.RemoveListener(_listener);
                pending.Add(future);
            }
        }

        if (pending.Count > 0)
        {
            done.ExceptWith(pending);
        }

        return new WaitResult<TFuture>(done, pending);
    }

    internal override void Release()
    {
        // Not pooled: it would keep its set, which is the caller's now. A handle must be stale from here on all the same.
        Version++;
        Waiter = null;
        _futures = [];
    }

    private void OnDone(Future future)
    {
        if (IsDone)
        {
            return;
        }

        _left--;
        var enough = _left == 0 || (_when == ReturnWhen.FirstCompleted) || (_when == ReturnWhen.FirstException && future.IsFaulted);
        if (enough)
        {
            _limit?.Disarm(Loop);
            Wake();
        }
    }

    private sealed class Listener(WaitLeaf<TFuture> leaf) : Runnable
    {
        internal override void Run(object? argument) => leaf.OnDone((Future)argument!);
    }

    private sealed class Limit(WaitLeaf<TFuture> leaf) : Alarm
    {
        internal override string Name => "Aio.Wait";

        internal override void Fire(EventLoop loop)
        {
            if (!leaf.IsDone)
            {
                leaf.Wake();
            }
        }
    }
}
