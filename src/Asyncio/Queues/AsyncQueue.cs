using System.Diagnostics;

namespace Asyncio;

/// <summary>Hands items from tasks to tasks, first in, first out. The counterpart of <c>asyncio.Queue</c>.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <remarks>
/// <para>Getters and putters are woken in the order of their coming, and look at the queue again when their turn comes: a task that does not have to wait may be first.</para>
/// <para>Not thread-safe: only the loop's thread may touch it. It belongs to no loop until a task has to wait.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public partial class AsyncQueue<T>
{
    private WaiterLine<T> _getters;
    private WaiterLine<Unit> _putters;
    private LoopBinding _binding;
    private AsyncEvent? _finished; // made by the first who joins while something is unfinished
    private Queue<T>? _items;      // made by the first item: the other kinds of queue have a place of their own
    private readonly int _capacity;
    private readonly int _maxSize;
    private int _count;
    private int _unfinished;
    private bool _shutDown;

    // One leaf of each kind stays with the queue: the one consumer and the one producer that most queues have need no other. Only the
    // thread of the loop that used the queue last may take it; a coroutine may be made on another thread.
    private EventLoop? _home;
    private GetLeaf? _spareGetter;
    private PutLeaf? _sparePutter;

    /// <summary>An empty queue.</summary>
    /// <param name="maxSize">How many items it holds at most; zero and less is without limit.</param>
    public AsyncQueue(int maxSize = 0)
    {
        _maxSize = maxSize;
        _capacity = maxSize > 0 ? maxSize : int.MaxValue;
    }

    /// <summary>How many items are in it.</summary>
    public int Count => _count;

    /// <summary>True if nothing is in it. Asyncio: <c>empty()</c>.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>True if there is no room; never for a queue without limit. Asyncio: <c>full()</c>.</summary>
    public bool IsFull => _count >= _capacity;

    /// <summary>What was given to the constructor. Asyncio: <c>maxsize</c>.</summary>
    public int MaxSize => _maxSize;

    /// <summary>True after <see cref="Shutdown"/>.</summary>
    public bool IsShutDown => _shutDown;

    /// <summary>Its state now: items, who waits, what is unfinished.</summary>
    public AsyncQueueStatistics Statistics => new(_count, _maxSize, _getters.Count, _putters.Count, _unfinished, _shutDown);

    /// <summary>As <see cref="Count"/>. Asyncio: <c>qsize()</c>.</summary>
    public int QSize() => _count;

    /// <summary>Puts <paramref name="item"/> in, waiting for room if need be. Asyncio: <c>put()</c>.</summary>
    /// <exception cref="QueueShutDownException">The queue was shut down, before or while this waits.</exception>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if the queue is full. Cancelling the wait puts nothing in.</remarks>
    public Coroutine PutAsync(T item) => PutLeaf.Create(this, item);

    /// <summary>Puts <paramref name="item"/> in if there is room. Does not suspend.</summary>
    /// <returns>True if it was put in; false if the queue is full or was shut down.</returns>
    public bool TryPut(T item)
    {
        if (_shutDown || IsFull)
        {
            return false;
        }

        Store(item);
        return true;
    }

    /// <summary>Puts <paramref name="item"/> in, or throws. Does not suspend. Asyncio: <c>put_nowait()</c>.</summary>
    /// <exception cref="QueueFullException">There is no room.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public void PutNowait(T item)
    {
        if (!TryPut(item))
        {
            throw _shutDown ? new QueueShutDownException() : new QueueFullException();
        }
    }

    /// <summary>Takes the next item out, waiting for one if need be. Asyncio: <c>get()</c>.</summary>
    /// <exception cref="QueueShutDownException">The queue was shut down and nothing is left in it, before or while this waits.</exception>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if the queue is empty. Cancelling the wait takes nothing out: no item is lost.</remarks>
    public Coroutine<T> GetAsync() => GetLeaf.Create(this);

    /// <summary>Takes the next item out if there is one. Does not suspend.</summary>
    /// <returns>True if there was one.</returns>
    public bool TryGet([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
    {
        if (_count == 0)
        {
            item = default;
            return false;
        }

        item = Fetch();
        return true;
    }

    /// <summary>Takes the next item out, or throws. Does not suspend. Asyncio: <c>get_nowait()</c>.</summary>
    /// <exception cref="QueueEmptyException">Nothing is in it.</exception>
    /// <exception cref="QueueShutDownException">Nothing is in it, and it was shut down.</exception>
    public T GetNowait()
    {
        if (_count == 0)
        {
            throw _shutDown ? new QueueShutDownException() : new QueueEmptyException();
        }

        return Fetch();
    }

    /// <summary>All items, those to come too, until the queue is shut down: for <c>await foreach</c>. Several may read at once; each item goes to one.</summary>
    /// <remarks>Acts when awaited; each step is a <see cref="GetAsync"/>. An item counts as unfinished until <see cref="TaskDone"/>, as any other.</remarks>
    public AsyncQueueReader<T> ReadAllAsync() => new(this);

    /// <summary>Says that an item which was taken out is dealt with; <see cref="JoinAsync"/> waits for that. Does not suspend. Asyncio: <c>task_done()</c>.</summary>
    /// <exception cref="InvalidOperationException">Called more often than items were put in.</exception>
    public void TaskDone()
    {
        if (_unfinished <= 0)
        {
            throw new InvalidOperationException("task_done() called too many times");
        }

        _unfinished--;
        WakeJoinersIfFinished();
    }

    /// <summary>Waits until every item that was put in has been taken out and dealt with. Asyncio: <c>join()</c>.</summary>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if something is unfinished. Cancelling the wait changes nothing.</remarks>
    public async Coroutine JoinAsync()
    {
        if (_unfinished > 0)
        {
            await (_finished ??= new AsyncEvent()).WaitAsync();
        }
    }

    /// <summary>Ends it, for good: every later put throws <see cref="QueueShutDownException"/>, and so does every get when nothing is left. Who waits is woken. Does not suspend. Asyncio: <c>shutdown()</c>.</summary>
    /// <param name="immediate">True: what is in it is dropped, and counts as done.</param>
    public void Shutdown(bool immediate = false)
    {
        _shutDown = true;
        try
        {
            if (immediate)
            {
                DropItems();
            }
        }
        finally
        {
            while (_getters.WakeFirst() || _putters.WakeFirst())
            {
                // Each looks at the queue when its turn comes: getters first, then putters.
            }
        }
    }

    /// <summary>As asyncio's: <c>&lt;AsyncQueue maxsize=2 _queue=[1, 2] _putters[1] tasks=2&gt;</c>.</summary>
    public override string ToString() => Describe(_count > 0 ? $" _queue=[{string.Join(", ", Items)}]" : "");

    // ---- for other kinds of queue -----------------------------------------------------------------------------------

    /// <summary>Stores an item. Override with <see cref="TakeItem"/> and <see cref="Items"/> for another order.</summary>
    protected virtual void PutItem(T item) => (_items ??= new Queue<T>()).Enqueue(item);

    /// <summary>Takes the next item out of the store. Called only if there is one.</summary>
    protected virtual T TakeItem() => _items!.Dequeue();

    /// <summary>The items in the store, for <see cref="ToString"/>.</summary>
    protected virtual IEnumerable<T> Items => _items ?? [];

    // ---- inside -----------------------------------------------------------------------------------------------------

    private string DebuggerDisplay => Describe($" count={_count}");

    private void DropItems()
    {
        while (_count > 0)
        {
            TakeItem();
            _count--;
            if (_unfinished > 0)
            {
                _unfinished--;
            }
        }

        WakeJoinersIfFinished();
    }

    private void Store(T item)
    {
        PutItem(item);
        _count++;
        _unfinished++;
        _getters.WakeFirst();
    }

    private T Fetch()
    {
        var item = TakeItem();
        _count--;
        _putters.WakeFirst();
        return item;
    }

    // asyncio keeps an event that each put clears; who joins waits only while it is clear, so waking those who wait is all it does.
    private void WakeJoinersIfFinished()
    {
        if (_unfinished == 0 && _finished is { } finished)
        {
            finished.Set();
            finished.Clear();
        }
    }

    private string Describe(string items)
    {
        var kind = GetType().Name;
        var generic = kind.IndexOf('`', StringComparison.Ordinal);
        var getters = _getters.Count > 0 ? $" _getters[{_getters.Count}]" : "";
        var putters = _putters.Count > 0 ? $" _putters[{_putters.Count}]" : "";
        var tasks = _unfinished > 0 ? $" tasks={_unfinished}" : "";
        return $"<{(generic < 0 ? kind : kind[..generic])} maxsize={_maxSize}{items}{getters}{putters}{tasks}{(_shutDown ? " shutdown" : "")}>";
    }
}
