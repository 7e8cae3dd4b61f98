namespace TaskPeer;

/// <summary>
/// The least that lets plain <see cref="Task"/> run on one thread: what the thread itself posts goes into a queue without a lock,
/// what others post (timers, the pool) into a list with one. It polls no I/O.
/// </summary>
internal sealed class SingleThreadContext : SynchronizationContext
{
    private readonly Thread _owner = Thread.CurrentThread;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _local = new(4096);
    private readonly object _gate = new();
    private List<(SendOrPostCallback Callback, object? State)> _foreign = [];
    private List<(SendOrPostCallback Callback, object? State)> _spare = [];
    private volatile bool _hasForeign;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Thread.CurrentThread == _owner)
        {
            _local.Enqueue((d, state));
            return;
        }

        lock (_gate)
        {
            _foreign.Add((d, state));
            _hasForeign = true;
            Monitor.Pulse(_gate);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    internal void Run(Func<Task> main)
    {
        SetSynchronizationContext(this);
        var task = main();
        while (!task.IsCompleted)
        {
            if (_hasForeign)
            {
                TakeForeign();
            }

            if (_local.Count == 0)
            {
                WaitForForeign();
                continue;
            }

            for (var ready = _local.Count; ready > 0; ready--)
            {
                var (callback, state) = _local.Dequeue();
                callback(state);
            }
        }

        task.GetAwaiter().GetResult();
    }

    private void WaitForForeign()
    {
        lock (_gate)
        {
            while (!_hasForeign)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private void TakeForeign()
    {
        lock (_gate)
        {
            (_foreign, _spare) = (_spare, _foreign);
            _hasForeign = false;
        }

        foreach (var item in _spare)
        {
            _local.Enqueue(item);
        }

        _spare.Clear();
    }
}
