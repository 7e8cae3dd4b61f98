using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// A promise of a result, bound to one loop. The counterpart of <c>asyncio.Future</c>: somebody sets its outcome once, any number
/// of tasks await it.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
/// <remarks>
/// Not thread-safe: only the loop's thread may touch it. Awaiting a done one does not suspend. Waiters are resumed through the
/// loop, in the order in which they began to wait.
/// </remarks>
public class Future<T> : Future, IAwaitable<T>
{
    private protected T Value = default!;

    /// <summary>A pending future.</summary>
    /// <param name="loop">Its loop; null is the running one.</param>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    public Future(EventLoop? loop = null)
        : base(loop ?? EventLoop.RequireRunning())
    {
    }

    /// <summary>The result. Asyncio: <c>result()</c>.</summary>
    /// <exception cref="InvalidStateException">It has no outcome yet.</exception>
    /// <exception cref="CancelledException">It was cancelled. What it failed with is thrown likewise.</exception>
    [StackTraceHidden]
    public T Result()
    {
        if (State != FutureState.Succeeded)
        {
            ThrowNoResult();
        }

        return Value;
    }

    /// <summary>Sets the result. Asyncio: <c>set_result</c>.</summary>
    /// <exception cref="InvalidStateException">It has an outcome already.</exception>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public virtual void SetResult(T result)
    {
        if (!TrySetResult(result))
        {
            throw new InvalidStateException($"SetResult: {this} has an outcome already.");
        }
    }

    /// <summary>Sets the exception. Even a <see cref="CancelledException"/> does not make it cancelled: that is <see cref="Future.Cancel"/>. Asyncio: <c>set_exception</c>.</summary>
    /// <exception cref="InvalidStateException">It has an outcome already.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public virtual void SetException(Exception error)
    {
        if (!TrySetException(error))
        {
            throw new InvalidStateException($"SetException: {this} has an outcome already.");
        }
    }

    /// <summary>Sets the result unless it has an outcome already.</summary>
    /// <returns>False if it had one.</returns>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public virtual bool TrySetResult(T result)
    {
        LoopField.CheckThread();
        if (State != FutureState.Pending)
        {
            return false;
        }

        Value = result;
        State = FutureState.Succeeded;
        ScheduleListeners();
        return true;
    }

    /// <summary>Sets the exception unless it has an outcome already.</summary>
    /// <returns>False if it had one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public virtual bool TrySetException(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        LoopField.CheckThread();
        if (State != FutureState.Pending)
        {
            return false;
        }

        CompleteFaulted(error);
        return true;
    }

    /// <summary>Waits for the outcome. Suspends only if there is none yet; cancelling the waiting task cancels this future.</summary>
    public FutureAwaiter<T> GetAwaiter() => new(this);

    /// <inheritdoc/>
    public Coroutine<T> AsCoroutine() => FutureLeaf<T>.Create(this);

    /// <inheritdoc/>
    public Future<T> AsFuture(EventLoop? loop = null) =>
        loop is null || ReferenceEquals(loop, LoopField)
            ? this
            : throw new ArgumentException("The future belongs to a different loop than the one specified as the loop argument.", nameof(loop));

    /// <summary>A .NET task with the same outcome, for code outside the loop. Cancelling the future cancels it; it does not cancel the future. Must be called on the loop's thread.</summary>
    /// <exception cref="InvalidOperationException">The loop runs in another thread than this.</exception>
    public Task<T> AsTask()
    {
        LoopField.CheckThread();
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        AddListener(new TaskMirror<T>(this, source));
        return source.Task;
    }

    internal T ValueUnchecked => Value;

    internal override string Describe() => $"Future<{typeof(T).Name}>";

    internal override string StateText() => State == FutureState.Succeeded ? $"finished result={Value}" : base.StateText();

    [DoesNotReturn]
    [StackTraceHidden]
    private void ThrowNoResult()
    {
        if (State == FutureState.Pending)
        {
            throw new InvalidStateException("Result is not set.");
        }

        ThrowFailure();
    }

    /// <summary>The value at an await: the must-cancel that came after the wake-up is thrown first.</summary>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T TakeAtAwait()
    {
        Strand.ThrowIfAsked();
        return Result();
    }
}
