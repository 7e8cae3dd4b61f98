using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

// Callbacks: soon, later, from other threads.
public sealed partial class EventLoop
{
    private LoopTaskScheduler? _taskScheduler;

    /// <summary>Runs .NET tasks on this loop's thread: <c>Task.Factory.StartNew(…, loop.TaskScheduler)</c>.</summary>
    public TaskScheduler TaskScheduler => _taskScheduler ??= new LoopTaskScheduler(this);

    /// <summary>Posts to this loop from any thread; current in its callbacks. A task's own steps have one of their own.</summary>
    public SynchronizationContext SynchronizationContext => _callbackContext;

    /// <summary>Calls <paramref name="callback"/> in the next iteration; callbacks run in the order of their calls. Asyncio: <c>call_soon()</c>.</summary>
    /// <param name="callback">What to call. An exception it throws goes to the exception handler.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    /// <exception cref="InvalidOperationException">The loop is closed, or runs in another thread than this.</exception>
    public Handle CallSoon(Action callback, Context? context = null) => CallSoon(callback, null, context);

    /// <inheritdoc cref="CallSoon(Action, Context?)"/>
    /// <param name="callback">What to call. An exception it throws goes to the exception handler.</param>
    /// <param name="argument">Given to the callback.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    public Handle CallSoon(Action<object?> callback, object? argument, Context? context = null) => CallSoon((Delegate)callback, argument, context);

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallSoon(). Use Aio.CreateTask(...) instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public Handle CallSoon(Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallSoon(). Use Aio.CreateTask(...) instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public Handle CallSoon(Func<object?, Coroutine> callback, object? argument, Context? context = null) => throw new NotSupportedException();

    /// <summary>Calls <paramref name="callback"/> in an iteration to come; may be called from any thread, and wakes the loop. Asyncio: <c>call_soon_threadsafe()</c>.</summary>
    /// <param name="callback">What to call, on the loop's thread. An exception it throws goes to the exception handler.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    /// <exception cref="InvalidOperationException">The loop is closed.</exception>
    public Handle CallSoonThreadsafe(Action callback, Context? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckClosed();
        var handle = new Handle(this, callback, null, context);
        if (!TryEnqueueFromAnywhere(HandleRunner.Instance, handle))
        {
            CheckClosed();
        }

        return handle;
    }

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallSoonThreadsafe(). Use Aio.RunCoroutineThreadsafe(...) instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public Handle CallSoonThreadsafe(Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>Calls <paramref name="callback"/> after <paramref name="seconds"/>; zero or less is the next iteration. Asyncio: <c>call_later()</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    /// <inheritdoc cref="CallSoon(Action, Context?)"/>
    public TimerHandle CallLater(double seconds, Action callback, Context? context = null) =>
        MakeTimer(Time() + Durations.Delay(seconds), isDue: seconds <= 0, callback, context);

    /// <inheritdoc cref="CallLater(double, Action, Context?)"/>
    /// <param name="delay">After what time; <see cref="Timeout.InfiniteTimeSpan"/> is never.</param>
    /// <param name="callback">What to call. An exception it throws goes to the exception handler.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    public TimerHandle CallLater(TimeSpan delay, Action callback, Context? context = null) => CallLater(Durations.Limit(delay), callback, context);

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallLater(). Start a task that sleeps instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public TimerHandle CallLater(double seconds, Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallLater(). Start a task that sleeps instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public TimerHandle CallLater(TimeSpan delay, Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>Calls <paramref name="callback"/> when <see cref="Time"/> reaches <paramref name="when"/>. Timers run in the order of their deadlines, equal ones in the order of creation. Asyncio: <c>call_at()</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="when"/> is NaN.</exception>
    /// <inheritdoc cref="CallSoon(Action, Context?)"/>
    public TimerHandle CallAt(double when, Action callback, Context? context = null) =>
        MakeTimer(Durations.Delay(when), isDue: when <= Time(), callback, context);

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>.</summary>
    [Obsolete("coroutines cannot be used with CallAt(). Start a task that sleeps instead. A body that never returns is taken for a coroutine, too: cast it to Action.", error: true)]
    public TimerHandle CallAt(double when, Func<Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    private TimerHandle MakeTimer(double when, bool isDue, Action callback, Context? context)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckCall();
        return new TimerHandle(this, when, isDue, callback, null, context);
    }

    private Handle CallSoon(Delegate callback, object? argument, Context? context)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckCall();
        var handle = new Handle(this, callback, argument, context);
        Ready.Enqueue(HandleRunner.Instance, handle);
        return handle;
    }

    /// <summary>To the ready queue, from a place that may be on a wrong thread by a mistake of the user's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnqueueChecked(Runnable target, object? argument)
    {
        if (!ReferenceEquals(t_running, this))
        {
            CheckCall(); // a loop that runs here is not closed
        }

        Ready.Enqueue(target, argument);
    }

    /// <summary>To the ready queue, from a place behind a check of the thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnqueueUnlessClosed(Runnable target, object? argument)
    {
        if (_closed)
        {
            CheckClosed();
        }

        Ready.Enqueue(target, argument);
    }

    /// <summary>To the ready queue, from any thread. A closed loop gives it up, see <see cref="Runnable.GiveUp"/>.</summary>
    internal void EnqueueFromAnywhere(Runnable target, object? argument)
    {
        if (!TryEnqueueFromAnywhere(target, argument))
        {
            target.GiveUp(argument);
        }
    }

    /// <summary>To the ready queue, from any thread. False: the loop is closed.</summary>
    internal bool TryEnqueueFromAnywhere(Runnable target, object? argument)
    {
        if (!ReferenceEquals(t_running, this))
        {
            return _wakeup.TryEnqueue(target, argument);
        }

        Ready.Enqueue(target, argument);
        return true;
    }

    internal void Send(SynchronizationContext context, SendOrPostCallback callback, object? state)
    {
        if (ReferenceEquals(t_running, this))
        {
            callback(state);
            return;
        }

        var done = new TaskCompletionSource();
        context.Post(
            _ =>
            {
                try
                {
                    callback(state);
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            null);
        done.Task.GetAwaiter().GetResult();
    }

    private void CheckCall()
    {
        CheckClosed();
        CheckThread();
    }

    /// <summary>A loop that runs belongs to its thread; one that does not may be prepared by any.</summary>
    internal void CheckThread()
    {
        if (!ReferenceEquals(t_running, this) && IsRunning)
        {
            throw new InvalidOperationException("Non-thread-safe operation invoked on an event loop other than the current one. From other threads use the members that end in Threadsafe.");
        }
    }
}
