using System.Diagnostics.CodeAnalysis;

namespace Asyncio;

/// <summary>Futures in the order in which they end; see <see cref="Aio.AsCompleted{TFuture}(IEnumerable{TFuture}, double)"/>.</summary>
/// <typeparam name="TFuture">What comes out.</typeparam>
/// <remarks>Has one position, shared by all loops over it: each future comes out once.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It enumerates; it is no collection.")]
public sealed class AsCompletedEnumerable<TFuture> : IAsyncEnumerable<TFuture>
    where TFuture : Future
{
    private readonly HashSet<TFuture> _pending;
    private readonly Queue<TFuture> _done = new();
    private readonly LinkedList<NextLeaf> _waiters = new();
    private readonly Listener _listener;
    private readonly Limit? _limit;
    private readonly double _deadline = double.PositiveInfinity;
    private readonly EventLoop _loop = EventLoop.RequireRunning();
    private int _loops; // over it, that have begun and not been left
    private bool _listens;
    private bool _timedOut;

    internal AsCompletedEnumerable(IEnumerable<TFuture> futures, double seconds)
    {
        Durations.Delay(seconds, "timeout");
        _listener = new Listener(this);
        _pending = new HashSet<TFuture>(futures);
        Remaining = _pending.Count;
        foreach (var future in _pending)
        {
            if (!ReferenceEquals(future.LoopField, _loop))
            {
                throw new ArgumentException("The future belongs to a different loop than the running one.", nameof(futures));
            }
        }

        if (Remaining > 0 && !double.IsPositiveInfinity(seconds))
        {
            _limit = new Limit(this);
            _deadline = _loop.Time() + seconds;
        }

        Listen();
    }

    /// <summary>How many have not come out yet.</summary>
    public int Remaining { get; private set; }

    /// <summary>Waits for the next one to end and gives it; each call counts for one, also while others wait. Cancelling the waiting task leaves the futures alone.</summary>
    /// <exception cref="InvalidOperationException">All have come out.</exception>
    /// <exception cref="TimeoutException">The timeout is over, thrown at the await; what had ended before still comes out.</exception>
    /// <remarks>Acts at the call, as far as it counts; suspends if none has ended. Asyncio: what the plain <c>for</c> over <c>as_completed()</c> gives.</remarks>
    public Coroutine<TFuture> NextAsync()
    {
        if (Remaining == 0)
        {
            throw new InvalidOperationException("AsCompleted: all have come out.");
        }

        Remaining--;
        var leaf = new NextLeaf(this);
        return new Coroutine<TFuture>(leaf, leaf.Version);
    }

    /// <summary>For <c>await foreach</c>. Goes on where the last loop stopped.</summary>
    public Enumerator GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    IAsyncEnumerator<TFuture> IAsyncEnumerable<TFuture>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    private void Listen()
    {
        _listens = true;
        foreach (var future in _pending)
        {
            future.AddListener(_listener);
        }

        if (_limit is not null && _pending.Count > 0)
        {
            _loop.AddTimer(_limit, _deadline, isDue: _deadline <= _loop.Time());
        }
    }

    /// <summary>The last loop was left: futures that live long are not to gather the listeners of all who ever looked.</summary>
    private void Pause()
    {
        _listens = false;
        _limit?.Disarm(_loop);
        foreach (var future in _pending)
        {
            future.RemoveListener(_listener);
        }
    }

    /// <summary>After a pause: what has ended meanwhile comes first.</summary>
    private void Resume()
    {
        if (_listens)
        {
            return;
        }

        foreach (var future in _pending.Where(static future => future.IsCompleted).ToList())
        {
            OnDone(future);
        }

        Listen();
    }

    private void OnDone(TFuture future)
    {
        if (!_pending.Remove(future))
        {
            return;
        }

        _done.Enqueue(future);
        if (_pending.Count == 0)
        {
            _limit?.Disarm(_loop);
        }

        WakeNext();
    }

    private void OnTimeout()
    {
        _timedOut = true;
        foreach (var future in _pending)
        {
            future.RemoveListener(_listener);
        }

        _pending.Clear();
        while (_waiters.Count > 0)
        {
            WakeNext();
        }
    }

    private void WakeNext()
    {
        if (_waiters.First is { } first)
        {
            _waiters.RemoveFirst();
            first.Value.Wake();
        }
    }

    /// <summary>One loop over the enumeration.</summary>
    public sealed class Enumerator : IAsyncEnumerator<TFuture>
    {
        private readonly AsCompletedEnumerable<TFuture> _source;
        private readonly CancellationToken _cancellationToken;
        private TFuture? _current;
        private bool _begun;
        private bool _left;

        internal Enumerator(AsCompletedEnumerable<TFuture> source, CancellationToken cancellationToken)
        {
            _source = source;
            _cancellationToken = cancellationToken;
        }

        /// <summary>The future that has ended last: awaiting it does not suspend.</summary>
        public TFuture Current => _current ?? throw new InvalidOperationException("There is no current future: call MoveNextAsync first.");

        /// <summary>Waits for the next one to end; false if all have come out.</summary>
        /// <exception cref="TimeoutException">The timeout is over.</exception>
        /// <exception cref="OperationCanceledException">The token given to <c>WithCancellation</c> was tripped before the step; a waiting step is cancelled through its task.</exception>
        public async Coroutine<bool> MoveNextAsync()
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (_source.Remaining == 0)
            {
                return false;
            }

            if (!_begun)
            {
                _begun = true;
                _source._loops++;
            }

            _current = await _source.NextAsync();
            return true;
        }

        async ValueTask<bool> IAsyncEnumerator<TFuture>.MoveNextAsync() => await MoveNextAsync();

        ValueTask IAsyncDisposable.DisposeAsync()
        {
            if (_begun && !_left)
            {
                _left = true;
                if (--_source._loops == 0 && _source._waiters.Count == 0)
                {
                    _source.Pause();
                }
            }

            return default;
        }
    }

    private sealed class NextLeaf(AsCompletedEnumerable<TFuture> source) : Leaf<TFuture>
    {
        private LinkedListNode<NextLeaf>? _node;

        internal override string Name => "Aio.AsCompleted";

        protected override bool Begin(Strand strand) => TryTake();

        protected override void Unlink() => source._waiters.Remove(_node!);

        protected override void GiveBack() => source.WakeNext();

        protected override bool Resume(Strand strand) => Status != FrameStatus.Succeeded || TryTake();

        internal override void Release()
        {
            Version++;
            Waiter = null;
        }

        private bool TryTake()
        {
            source.Resume();
            if (source._done.TryDequeue(out var future))
            {
                Result = future;
                return true;
            }

            if (source._timedOut)
            {
                throw new TimeoutException("AsCompleted: the timeout is over.");
            }

            _node = source._waiters.AddLast(this);
            return false;
        }
    }

    private sealed class Listener(AsCompletedEnumerable<TFuture> source) : Runnable
    {
        internal override void Run(object? argument) => source.OnDone((TFuture)argument!);
    }

    private sealed class Limit(AsCompletedEnumerable<TFuture> source) : Alarm
    {
        internal override string Name => "Aio.AsCompleted";

        internal override void Fire(EventLoop loop) => source.OnTimeout();
    }
}
