using System.Threading.Tasks.Sources;

namespace Asyncio.Files;

/// <summary>
/// A coroutine that foreign code on the loop's thread awaits as a <see cref="ValueTask"/>. Its continuation runs in a turn of its own, on this thread,
/// without a context. Behind a source and not a <see cref="Task"/>, since nobody stops waiting for a source: it has the caller's buffer.
/// </summary>
internal sealed class ForeignCall<T>(EventLoop loop) : Runnable, IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;
    private AsyncTask<T>? _task;
    private CancellationToken _token;
    private bool _underWay; // until the result was taken

    /// <summary>The one that was used last if it is free, else another.</summary>
    internal static ForeignCall<T> Free(ref ForeignCall<T>? last, EventLoop loop) =>
        last is not null && !last._underWay ? last : last = new ForeignCall<T>(loop);

    internal ValueTask<T> Begin(Coroutine<T> coroutine, CancellationToken cancellationToken)
    {
        Start(coroutine, cancellationToken);
        return new ValueTask<T>(this, _core.Version);
    }

    internal ValueTask BeginUnit(Coroutine<T> coroutine, CancellationToken cancellationToken)
    {
        Start(coroutine, cancellationToken);
        return new ValueTask(this, _core.Version);
    }

    /// <summary>The task has ended.</summary>
    internal override void Run(object? argument)
    {
        var task = _task!;
        _task = null;
        loop.EnterForeign();
        switch (task.State)
        {
            case FutureState.Succeeded:
                _core.SetResult(task.ValueUnchecked);
                break;
            case FutureState.Canceled:
                _core.SetException(new OperationCanceledException(_token));
                break;
            default:
                _core.SetException(task.Exception()!);
                break;
        }
    }

    /// <summary>The loop has ended before.</summary>
    internal override void GiveUp(object? argument)
    {
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(new IOException("The event loop was closed."));
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _underWay = false;
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<T>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Start(Coroutine<T> coroutine, CancellationToken cancellationToken)
    {
        _core.Reset();
        _underWay = true;
        _token = cancellationToken;
        _task = loop.CreateTask(coroutine, cancellationToken: cancellationToken);
        _task.AddListener(this);
    }
}
