using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// What all futures and tasks have in common, whatever their result: a promise of an outcome, bound to one loop. The counterpart
/// of <c>asyncio.Future</c> without its result; see <see cref="Future{T}"/>.
/// </summary>
/// <remarks>Not thread-safe: only the loop's thread may touch it. It may be awaited many times and by many tasks.</remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public abstract class Future
{
    internal readonly EventLoop LoopField;
    internal FutureState State;

    /// <summary>A task's: its place in the loop's <see cref="TaskRegistry"/>. Here, because here it fits beside the state and costs nothing.</summary>
    internal int RegistryIndex;

    /// <summary>
    /// While pending, who listens: null, a <see cref="Runnable"/>, or a <see cref="CallbackList"/>. Afterwards the failure: a
    /// <see cref="FailureHolder"/> when faulted, the <see cref="CancelledException"/> of the first look when cancelled. Never both.
    /// </summary>
    private object? _link;

    private protected Future(EventLoop loop) => LoopField = loop;

    /// <summary>The loop it belongs to. Asyncio: <c>get_loop()</c>.</summary>
    public EventLoop Loop => LoopField;

    /// <summary>True when it has an outcome of any kind.</summary>
    public bool IsCompleted => State != FutureState.Pending;

    /// <summary>True when it has a result.</summary>
    public bool IsCompletedSuccessfully => State == FutureState.Succeeded;

    /// <summary>True when it was cancelled; for a task, when its coroutine ended by cancellation.</summary>
    public bool IsCanceled => State == FutureState.Canceled;

    /// <summary>True when it failed with an exception other than a cancellation.</summary>
    public bool IsFaulted => State == FutureState.Faulted;

    /// <summary>True when it has an outcome of any kind. Asyncio: <c>done()</c>.</summary>
    public bool Done() => State != FutureState.Pending;

    /// <summary>True when it was cancelled. Asyncio: <c>cancelled()</c>.</summary>
    public bool Cancelled() => State == FutureState.Canceled;

    /// <summary>The exception it failed with, or null when it succeeded; the exception counts as retrieved. Asyncio: <c>exception()</c>.</summary>
    /// <exception cref="InvalidStateException">It has no outcome yet.</exception>
    /// <exception cref="CancelledException">It was cancelled.</exception>
    [SuppressMessage("Naming", "CA1721", Justification = "asyncio's name.")]
    public Exception? Exception()
    {
        switch (State)
        {
            case FutureState.Pending:
                throw new InvalidStateException("Exception is not set.");
            case FutureState.Canceled:
                ThrowFailure();
                return null;
            case FutureState.Faulted:
                return Holder.Retrieve().SourceException;
            default:
                return null;
        }
    }

    /// <summary>Cancels it: its waiters are woken with <see cref="CancelledException"/>. A task is asked instead; see <see cref="AsyncTask{T}"/>.</summary>
    /// <param name="message">Carried by the exception; null for none. Any value.</param>
    /// <returns>False if it had an outcome already.</returns>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public virtual bool Cancel(object? message = null)
    {
        LoopField.CheckThread();
        if (State != FutureState.Pending)
        {
            ForgiveFailure();
            return false;
        }

        CompleteCanceled(message is null ? null : new CancelledException(message));
        return true;
    }

    /// <summary>Calls <paramref name="callback"/> with this future, through the loop, when it has an outcome; in the order of registration. One that is done already calls it in the next iteration.</summary>
    /// <param name="callback">What to call. An exception it throws goes to the loop's exception handler.</param>
    /// <param name="context">The context to call it in; null is a copy of the current one.</param>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    /// <remarks>Asyncio: <c>add_done_callback</c>.</remarks>
    public void AddDoneCallback(Action<Future> callback, Context? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        LoopField.CheckThread();
        AddListener(new DoneCallback(this, callback, context));
    }

    /// <summary>Refused: an <c>async</c> lambda here would be <c>async void</c>. Start a task in the callback instead.</summary>
    [Obsolete("A done callback cannot be a coroutine. Use task => { Aio.CreateTask(...); } instead. A body that never returns is taken for a coroutine, too: cast it to Action<Future>.", error: true)]
    public void AddDoneCallback(Func<Future, Coroutine> callback, Context? context = null) => throw new NotSupportedException();

    /// <summary>Removes every registration of <paramref name="callback"/> that has not been queued yet. Asyncio: <c>remove_done_callback</c>.</summary>
    /// <returns>How many were removed.</returns>
    public int RemoveDoneCallback(Action<Future> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        LoopField.CheckThread();
        return RemoveListeners(r => r is DoneCallback d && d.Callback == callback);
    }

    /// <summary>What it is and how it stands, for messages and the debugger.</summary>
    public override string ToString() => $"<{Describe()} {StateText()}>";

    internal virtual string Describe() => "Future";

    internal virtual string StateText() => State switch
    {
        FutureState.Pending => "pending",
        FutureState.Canceled => "cancelled",
        FutureState.Faulted => "finished exception=" + Holder.Info.SourceException.GetType().Name,
        _ => "finished",
    };

    private string DebuggerDisplay => ToString();

    /// <summary>The running half, of a task; null for a plain future.</summary>
    internal virtual TaskStrand? StrandOrNull => null;

    /// <summary>The outermost frame, of a task that has not ended.</summary>
    internal virtual Frame? RootOrNull => null;

    /// <summary>The exception without counting as a look.</summary>
    internal Exception? PeekException() => State == FutureState.Faulted ? Holder.Info.SourceException : null;

    private protected FailureHolder Holder => Unsafe.As<FailureHolder>(_link!);

    /// <summary>The root frame of a task has ended.</summary>
    internal virtual void CompleteFrom(Frame root) => throw new InvalidOperationException("Not a task.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddListener(Runnable listener)
    {
        if (State != FutureState.Pending)
        {
            LoopField.EnqueueUnlessClosed(listener, this);
        }
        else if (_link is null)
        {
            _link = listener;
        }
        else
        {
            AddToList(listener);
        }
    }

    private void AddToList(Runnable listener)
    {
        if (_link is not CallbackList list)
        {
            _link = list = new CallbackList(Unsafe.As<Runnable>(_link!));
        }

        list.Add(listener);
    }

    /// <summary>Takes one registration back. No delegate: a wait for a hundred thousand futures takes back as many.</summary>
    internal int RemoveListener(Runnable listener)
    {
        if (ReferenceEquals(_link, listener))
        {
            _link = null;
            return 1;
        }

        return _link is CallbackList list && list.Remove(listener) ? 1 : 0;
    }

    private int RemoveListeners(Predicate<Runnable> match)
    {
        switch (_link)
        {
            case CallbackList list:
                return list.RemoveAll(match);
            case Runnable single when match(single):
                _link = null;
                return 1;
            default:
                return 0;
        }
    }

    /// <summary>Every callback and waiter goes to the ready queue, in the order of registration; none runs inline.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void ScheduleListeners(object? failure = null)
    {
        var callbacks = _link;
        _link = failure;
        if (callbacks is null)
        {
            return;
        }

        if (callbacks.GetType() == typeof(CallbackList))
        {
            foreach (var listener in Unsafe.As<CallbackList>(callbacks))
            {
                LoopField.EnqueueUnlessClosed(listener, this);
            }
        }
        else
        {
            LoopField.EnqueueUnlessClosed(Unsafe.As<Runnable>(callbacks), this);
        }
    }

    private protected void CompleteCanceled(CancelledException? error)
    {
        State = FutureState.Canceled;
        ScheduleListeners(error);
    }

    private protected void CompleteFaulted(Exception error)
    {
        var failure = new FailureHolder(this, error); // first: it reads the exception, which may be of a kind that fails at that
        State = FutureState.Faulted;
        ScheduleListeners(failure);
    }

    /// <summary>The error that an await of this throws, for a frame that cannot see it; null if it succeeded, or if its trace must not grow by a second look.</summary>
    internal Exception? FailureForAwait()
    {
        switch (State)
        {
            case FutureState.Canceled:
                return TakeCancelled();
            case FutureState.Faulted when !Holder.IsRetrieved:
                return Holder.Retrieve().SourceException;
            default:
                return null;
        }
    }

    [DoesNotReturn]
    [StackTraceHidden]
    internal void ThrowFailure()
    {
        if (State == FutureState.Canceled)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(FrameTrail.Render(TakeCancelled()));
        }

        Holder.Retrieve().Throw();
    }

    /// <summary>
    /// The first look gets the very exception that ended the work, so that its trace shows the place; later ones get fresh ones: of a
    /// future with the message again, of a task without, as in asyncio.
    /// </summary>
    internal CancelledException TakeCancelled()
    {
        var error = _link as CancelledException;
        if (error is null)
        {
            return new CancelledException(CancelMessage);
        }

        _link = error.CancelMessage is null || StrandOrNull is not null ? null : new CancelledException(error.CancelMessage);
        return error;
    }

    /// <summary>The message of the cancellation that ended it.</summary>
    internal object? CancelMessage => (_link as CancelledException)?.CancelMessage;

    /// <summary>The failure counts as seen: nobody will be told of it again.</summary>
    internal void ForgiveFailure()
    {
        if (State == FutureState.Faulted)
        {
            Holder.Retrieve();
        }
    }
}
