using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// A coroutine that the loop runs, concurrently with others: awaiting it gives its result, to any number of waiters. The
/// counterpart of <c>asyncio.Task</c>. Made by <see cref="Aio.CreateTask{T}(Coroutine{T}, string?, Context?, bool?, CancellationToken)"/>.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
/// <remarks>The loop holds a strong reference to it until it ends: a running task is never collected.</remarks>
public class AsyncTask<T> : Future<T>, IAsyncTask
{
    private readonly TaskStrand _strand;
    private Frame<T>? _root;

    internal AsyncTask(EventLoop loop, Frame<T> root, ExecutionContext? execution)
        : base(loop)
    {
        _strand = new TaskStrand(this, root, execution);
        _root = root;
    }

    internal TaskStrand Strand => _strand;

    internal override TaskStrand? StrandOrNull => _strand;

    internal override Frame? RootOrNull => State == FutureState.Pending ? _root : null;

    /// <inheritdoc/>
    public string Name
    {
        get => _strand.Name;
        set => _strand.Name = value;
    }

    /// <inheritdoc/>
    public Context Context => _strand.Details.Cell ?? Context.ViewOf(_strand);

    /// <summary>
    /// Asks the task to end: the innermost thing that it waits for is interrupted and throws <see cref="CancelledException"/> there.
    /// Before the first step the body never runs. The task may catch it, clean up, and even go on.
    /// </summary>
    /// <param name="message">Carried by the exception; null for none. Any value.</param>
    /// <returns>False if the task has ended. Does not suspend; loop's thread only.</returns>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public override bool Cancel(object? message = null)
    {
        LoopField.CheckThread();
        return _strand.Cancel(message, null);
    }

    /// <summary>How many cancellation requests have not been taken back. Asyncio: <c>cancelling()</c>.</summary>
    public int Cancelling() => _strand.Requests;

    /// <summary>Takes one cancellation request back; at zero one that was not delivered yet is dropped. For whoever cancelled for purposes of its own and has caught the exception. Asyncio: <c>uncancel()</c>.</summary>
    /// <returns>How many are left.</returns>
    public int Uncancel() => _strand.Uncancel();

    /// <summary>The coroutine that it runs, for its name and, while it runs, its identity (it cannot be awaited again); <c>default</c> when it ended in an eager first step. Asyncio: <c>get_coro()</c>.</summary>
    public Coroutine<T> GetCoroutine() => _root is null ? default : new(_root, _root.Version - 1);

    /// <summary>The coroutines that wait for one another, outermost first; empty when the task has ended. Asyncio: <c>get_stack()</c>.</summary>
    /// <param name="limit">The newest so many only; null is all.</param>
    public IReadOnlyList<CoroutineFrame> GetStack(int? limit = null) => TaskStacks.Of(_strand, limit);

    /// <summary>Writes <see cref="GetStack"/>, or the stack of the exception it failed with. Asyncio: <c>print_stack()</c>.</summary>
    /// <param name="writer">Where to; null is standard error.</param>
    public void PrintStack(TextWriter? writer = null) => TaskStacks.Print(this, _strand, writer ?? Console.Error);

    /// <summary>Refused: a task's result is its coroutine's.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void SetResult(T result) => throw new InvalidOperationException("Task does not support set_result operation: its result is what its coroutine returns.");

    /// <summary>Refused: a task's exception is its coroutine's.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void SetException(Exception error) => throw new InvalidOperationException("Task does not support set_exception operation: its exception is what its coroutine throws.");

    /// <inheritdoc cref="SetResult"/>
    public override bool TrySetResult(T result) => throw new InvalidOperationException("Task does not support set_result operation: its result is what its coroutine returns.");

    /// <inheritdoc cref="SetException"/>
    public override bool TrySetException(Exception error) => throw new InvalidOperationException("Task does not support set_exception operation: its exception is what its coroutine throws.");

    Future IAsyncTask.AsFuture() => this;

    internal override string Describe() => $"Task {Name}";

    internal override string StateText() =>
        State == FutureState.Pending && _strand.Requests > 0 ? "cancelling" : base.StateText();

    internal override void CompleteFrom(Frame root)
    {
        var frame = Unsafe.As<Frame<T>>(root);
        var strand = _strand;
        if (frame.Status == FrameStatus.Succeeded)
        {
            if ((strand.Flags & (Asyncio.StrandFlags.MustCancel | Asyncio.StrandFlags.KeepsValue)) == Asyncio.StrandFlags.MustCancel)
            {
                // Asked during its very last step: it ends cancelled, the value is lost.
                frame.Release();
                CompleteCanceled(strand.CancelError());
                return;
            }

            Value = frame.Result;
            State = FutureState.Succeeded;
            frame.Release();
            ScheduleListeners();
            return;
        }

        var error = frame.Link as Exception;
        frame.Release();
        Conclude(error, strand);
    }

    private void Conclude(Exception? error, TaskStrand strand)
    {
        switch (error)
        {
            case null:
                CompleteCanceled(strand.DetailsOrNull is null ? null : strand.MakeCancelled());
                break;
            case CancelledException cancelled:
                CompleteCanceled(cancelled);
                break;
            case OperationCanceledException obeyed when strand.DetailsOrNull?.IsOwnCancellation(obeyed) == true:
                CompleteCanceled(new CancelledException(strand.Details.CancelMessage, obeyed));
                break;
            default:
                CompleteFaulted(error);
                if (error is KeyboardInterruptException)
                {
                    ForgiveFailure();
                    LoopField.Escape(error);
                }

                break;
        }
    }

    /// <summary>It ended in its first, eager step: asyncio gives no coroutine then.</summary>
    internal void ForgetCoroutine()
    {
        _root = null;
    }
}
