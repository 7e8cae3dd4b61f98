using System.Globalization;

namespace Asyncio;

/// <summary>The threads and the queue of a <see cref="ThreadPoolExecutor"/>.</summary>
internal sealed class WorkerThreads(int limit, string namePrefix, Action? initializer)
{
    private readonly object _gate = new();
    private readonly Queue<WorkItem> _queue = new();
    private readonly List<Thread> _threads = [];
    private readonly TaskCompletionSource _stopped = new();
    private int _alive;
    private int _idle;
    private bool _shutdown;
    private Exception? _initializerError;

    internal Task Stopped => _stopped.Task;

    internal Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken, TaskCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var item = new WorkItem<T>(function, cancellationToken, options);
        try
        {
            Add(item);
        }
        catch
        {
            item.Withdraw();
            throw;
        }

        return item.Outcome;
    }

    /// <summary>Queues what there is to do; another thread is started only if none is idle.</summary>
    internal void Add(WorkItem item)
    {
        lock (_gate)
        {
            if (_initializerError is { } error)
            {
                throw new BrokenExecutorException("A thread initializer failed, the thread pool is not usable anymore.", error);
            }

            if (_shutdown)
            {
                throw new InvalidOperationException("Cannot schedule new work after shutdown.");
            }

            if (_idle <= _queue.Count && _threads.Count < limit)
            {
                TryStartThread();
            }

            _queue.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }

    internal void Shutdown(bool wait, bool cancelFutures)
    {
        if (wait && IsWorker)
        {
            throw new InvalidOperationException("A thread of the pool cannot wait for the pool's end: it would wait for itself.");
        }

        WorkItem[] withdrawn = [];
        bool ended;
        lock (_gate)
        {
            _shutdown = true;
            if (cancelFutures)
            {
                withdrawn = _queue.ToArray();
                _queue.Clear();
            }

            ended = _alive == 0;
            Monitor.PulseAll(_gate);
        }

        foreach (var item in withdrawn)
        {
            item.Withdraw();
        }

        if (ended)
        {
            _stopped.TrySetResult();
        }

        if (wait)
        {
            // The list does not grow after a shutdown.
            foreach (var thread in _threads)
            {
                thread.Join();
            }
        }
    }

    private bool IsWorker
    {
        get
        {
            lock (_gate)
            {
                return _threads.Contains(Thread.CurrentThread);
            }
        }
    }

    /// <summary>Background threads: work that never ends must not keep a program from ending. Nothing of the caller's context goes along.</summary>
    /// <remarks>A process that has run out of descriptors or memory starts none. Those that run are enough then.</remarks>
    private void TryStartThread()
    {
        try
        {
            StartThread();
        }
        catch (Exception) when (_alive > 0)
        {
            // The next item tries again.
        }
    }

    private void StartThread()
    {
        var thread = new Thread(Work)
        {
            IsBackground = true,
            Name = namePrefix + "_" + _threads.Count.ToString(CultureInfo.InvariantCulture),
        };
        thread.UnsafeStart();
        _threads.Add(thread);
        _alive++;
    }

    private void Work()
    {
        if (Initialize())
        {
            var thread = Thread.CurrentThread;
            while (Take() is { } item)
            {
                item.Run();
                ThreadContext.Set(thread, null, null); // what one function leaves behind is not the next one's
            }
        }

        bool last;
        lock (_gate)
        {
            last = --_alive == 0 && _shutdown;
        }

        if (last)
        {
            _stopped.TrySetResult();
        }
    }

    private bool Initialize()
    {
        try
        {
            initializer?.Invoke();
            return true;
        }
        catch (Exception e)
        {
            WorkItem[] lost;
            lock (_gate)
            {
                _initializerError ??= e;
                lost = _queue.ToArray();
                _queue.Clear();
            }

            foreach (var item in lost)
            {
                item.Fail(new BrokenExecutorException("A thread initializer failed, the thread pool is not usable anymore.", e));
            }

            return false;
        }
    }

    /// <summary>The next thing to do; null when there will be none.</summary>
    private WorkItem? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryDequeue(out var item))
                {
                    return item;
                }

                if (_shutdown)
                {
                    return null;
                }

                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }
        }
    }
}
