using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Asyncio.LowLevel;
using Microsoft.Extensions.Logging;

namespace Asyncio;

/// <summary>
/// An event loop: runs tasks and callbacks on one thread, in the order in which they became ready. The counterpart of asyncio's
/// event loop. Programs use <see cref="Aio.Run(Coroutine, bool?, Func{EventLoop}?, CancellationToken)"/>; this is the low-level API below it.
/// </summary>
/// <remarks>
/// One iteration: poll for what came from outside (waiting only if nothing is ready), move due timers to the ready queue, then run
/// exactly the handles that were ready at that moment. Not thread-safe, except for the members that say so.
/// </remarks>
public sealed partial class EventLoop : IDisposable
{
    [ThreadStatic]
    internal static EventLoop? t_running;

    internal readonly ReadyQueue Ready = new();
    internal readonly TimerHeap Timers = new();
    internal Strand? CurrentStrand;
    internal Thread? ThreadField;
    internal LoopHooks? Hooks;

    private readonly Wakeup _wakeup;
    private readonly TimeProvider _clock;
    private readonly bool _systemClock;
    private readonly long _clockOrigin;      // where a clock that is not the system's began: seconds from the year 1 would have lost their digits
    private readonly double _clockTolerance; // half a tick of such a clock: a deadline does not come a tick later by a rounding
    private readonly SchedulingPolicy? _scheduling;
    private readonly LoopSynchronizationContext _callbackContext;
    private ExceptionDispatchInfo? _escaped;
    private List<ReadyItem>? _interrupted;
    private bool _stopping;
    private bool _closed;
    private bool _timerMayBeDue;
    private int _sinceClock;

    /// <summary>How many handles may run between two looks at the clock while there is work: a look costs as much as two steps.</summary>
    private const int HandlesPerClockRead = 16;

    /// <summary>A loop that does not run yet.</summary>
    /// <param name="options">How; null is the defaults.</param>
    /// <exception cref="InvalidOperationException">The environment variable <c>ASYNCIO_REACTOR</c> names none, and the options do not say which.</exception>
    public EventLoop(EventLoopOptions? options = null)
    {
        options ??= new EventLoopOptions();
        _clock = options.TimeProvider;
        _systemClock = ReferenceEquals(_clock, TimeProvider.System);
        _scheduling = options.Scheduling;
        _demandedReactor = options.Reactor ?? ReactorFactory.FromEnvironment();
        _reactorMaker = options.ReactorMaker;
        if (!_systemClock)
        {
            _clockOrigin = _clock.GetTimestamp();
            _clockTolerance = 0.5 / _clock.TimestampFrequency;
        }

        _wakeup = new Wakeup(_clock, _systemClock);
        _callbackContext = new LoopSynchronizationContext(this);
        _logger = options.LoggerFactory?.CreateLogger("Asyncio");
        Debug = options.Debug ?? Diagnostics.DebugSwitch.FromEnvironment;
    }

    /// <summary>The loop that runs in this thread; null if none does. Asyncio: <c>_get_running_loop()</c>.</summary>
    public static EventLoop? Running => t_running;

    /// <summary>True while it runs. Asyncio: <c>is_running()</c>.</summary>
    public bool IsRunning => ThreadField is not null;

    /// <summary>True after <see cref="Close"/>. May be asked from any thread. Asyncio: <c>is_closed()</c>.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>The clock it was made with.</summary>
    public TimeProvider TimeProvider => _clock;

    /// <summary>The loop's clock: seconds from an arbitrary start, never going back. Asyncio: <c>time()</c>.</summary>
    public double Time() => _systemClock ? SystemClock.Seconds() : (_clock.GetTimestamp() - _clockOrigin) / (double)_clock.TimestampFrequency;

    /// <summary>Runs until <see cref="Stop"/>. Blocks the calling thread, which becomes the loop's. Asyncio: <c>run_forever()</c>.</summary>
    /// <exception cref="InvalidOperationException">It runs already, another loop runs in this thread, or it is closed.</exception>
    public void RunForever()
    {
        CheckCanRun();
        var thread = Thread.CurrentThread;
        var synchronization = SynchronizationContext.Current;
        var execution = ThreadContext.Capture(thread);
        ThreadField = thread;
        t_running = this;
        try
        {
            do
            {
                RunOnce();
                _escaped?.Throw();
            }
            while (!_stopping);
        }
        finally
        {
            if (_interrupted is not null)
            {
                Ready.Resume(_interrupted);
            }

            _reactor?.Leave();
            _escaped = null;
            _interrupted = null;
            _stopping = false;
            CurrentStrand = null;
            t_running = null;
            ThreadField = null;
            ThreadContext.Set(thread, synchronization, execution);
        }
    }

    /// <summary>The loop ends after the iteration that runs now. While it does not run: the next run makes one iteration without waiting. Asyncio: <c>stop()</c>.</summary>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this; <c>loop.CallSoonThreadsafe(loop.Stop)</c> stops it.</exception>
    public void Stop()
    {
        CheckThread();
        _stopping = true;
    }

    /// <summary>Runs until the future is done and gives its outcome. Blocks the calling thread. Asyncio: <c>run_until_complete()</c>.</summary>
    /// <exception cref="InvalidOperationException">The loop was stopped before the future was done; and as for <see cref="RunForever"/>.</exception>
    public T RunUntilComplete<T>(IAwaitable<T> awaitable)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        try
        {
            CheckCanRun();
        }
        catch
        {
            (awaitable as IClosable)?.Close();
            throw;
        }

        var future = awaitable.AsFuture(this);
        var stopper = new StopWhenDone(this);
        future.AddListener(stopper);
        try
        {
            RunForever();
        }
        catch
        {
            // What came out of the loop came out of this very future: it is not reported a second time.
            future.ForgiveFailure();
            throw;
        }
        finally
        {
            future.RemoveListener(stopper);
        }

        if (!future.IsCompleted)
        {
            throw new InvalidOperationException("Event loop stopped before Future completed.");
        }

        return future.Result();
    }

    /// <inheritdoc cref="RunUntilComplete{T}"/>
    public void RunUntilComplete(Coroutine coroutine) => RunUntilComplete<Unit>(coroutine);

    /// <summary>
    /// Closes it: input and output end, queues are emptied, the default executor is shut down without waiting. Coroutines of <see cref="Aio.RunCoroutineThreadsafe{T}"/>
    /// that have not begun fail; code posted by foreign code runs on the thread pool. Does nothing a second time. Asyncio: <c>close()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It runs.</exception>
    public void Close()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("Cannot close a running event loop.");
        }

        if (_closed)
        {
            return;
        }

        CloseChildren();
        CloseReactor(); // before it counts as closed: who is told that input has ended queues something
        _reserve?.Dispose();
        Volatile.Write(ref _closed, true);
        Debug = false;
        Timers.Clear();
        CloseSignals();
        GiveUpReadyWork();
        ReportUnretrieved(); // last: what was given up may still have told a thread how its coroutine ended
        CloseExecutor();
        CloseFileThreads();
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose() => Close();

    // Not inlined into RunForever: that is entered once and would stay in the code compiled for its first iterations.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunOnce()
    {
        Poll();
        var ready = Ready.Count;
        if (_scheduling is not null)
        {
            RunInChosenOrder(ready);
            return;
        }

        while (ready-- > 0)
        {
            var item = Ready.Dequeue();
            item.Target.Run(item.Argument);
        }
    }

    private void RunInChosenOrder(int ready)
    {
        for (; ready > 0; ready--)
        {
            var index = _scheduling!.Next(ready);
            if ((uint)index >= (uint)ready)
            {
                throw new InvalidOperationException($"SchedulingPolicy.Next({ready}) gave {index}; it must give a number from 0 to {ready - 1}.");
            }

            var item = Ready.DequeueAt(index);
            item.Target.Run(item.Argument);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Poll()
    {
        if (Ready.Count == 0)
        {
            WaitForWork();
        }
        else if (_reactor is { Active: > 0 } reactor)
        {
            reactor.Poll();
        }

        if (_wakeup.HasWork)
        {
            _wakeup.DrainInto(Ready);
        }

        if (Timers.Count > 0)
        {
            MoveDueTimers();
        }
    }

    private void WaitForWork()
    {
        if (_stopping)
        {
            _reactor?.Wait(0);
            return;
        }

        CurrentStrand = null;
        var timeout = double.PositiveInfinity;
        if (Timers.Count > 0)
        {
            var now = Time();
            _timerMayBeDue = true;
            if (Timers.EarliestWhen <= now + _clockTolerance)
            {
                _reactor?.Poll();
                return;
            }

            timeout = Timers.EarliestWhen - now;
        }

        _wakeup.Wait(timeout, _reactor);
    }

    private void MoveDueTimers()
    {
        if (_systemClock && !_timerMayBeDue && (_sinceClock += Ready.Count) < HandlesPerClockRead)
        {
            return;
        }

        _timerMayBeDue = false;
        _sinceClock = 0;
        var now = Time() + _clockTolerance;
        while (Timers.Count > 0 && Timers.EarliestWhen <= now)
        {
            Timers.RemoveEarliest().Fire(this);
        }
    }

    /// <summary>Adds a timer. One that is due already is told so, because the clock is not read every iteration.</summary>
    internal void AddTimer(TimerNode node, double when, bool isDue)
    {
        Timers.Add(node, when);
        _timerMayBeDue |= isDue;
    }

    /// <summary>An exception that ends the loop: it comes out of <see cref="RunForever"/> before the next handle, which waits for the next run.</summary>
    internal void Escape(Exception error)
    {
        if (_escaped is null)
        {
            _escaped = ExceptionDispatchInfo.Capture(error);
            _interrupted = Ready.Interrupt();
        }
    }

    /// <summary>Prepares the thread for a callback: no task is current, foreign code posts to the loop.</summary>
    internal void EnterCallback(ExecutionContext? execution)
    {
        CurrentStrand = null;
        ThreadContext.Set(ThreadField ?? Thread.CurrentThread, _callbackContext, execution);
    }

    internal static EventLoop RequireRunning() =>
        t_running ?? throw new InvalidOperationException("No running event loop. Call this inside Aio.Run, or give the loop.");

    private void CheckCanRun()
    {
        CheckClosed();
        if (IsRunning)
        {
            throw new InvalidOperationException("This event loop is already running.");
        }

        if (t_running is not null)
        {
            throw new InvalidOperationException("Cannot run the event loop while another loop is running in this thread.");
        }
    }

    private void CheckClosed()
    {
        if (_closed)
        {
            throw new InvalidOperationException("Event loop is closed.");
        }
    }

    private sealed class StopWhenDone(EventLoop loop) : Runnable
    {
        internal override void Run(object? argument)
        {
            // An interrupt has ended the run already: a stop would end the next one.
            if (((Future)argument!).PeekException() is not KeyboardInterruptException)
            {
                loop.Stop();
            }
        }
    }
}
