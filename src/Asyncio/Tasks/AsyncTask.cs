namespace Asyncio;

/// <summary>A task without a result: what runs a <see cref="Coroutine"/>. Awaiting it gives nothing.</summary>
public sealed class AsyncTask : AsyncTask<Unit>
{
    internal AsyncTask(EventLoop loop, Frame<Unit> root, ExecutionContext? execution)
        : base(loop, root, execution)
    {
    }

    /// <inheritdoc cref="Future{T}.GetAwaiter"/>
    public new FutureAwaiter GetAwaiter() => new(this);

    /// <inheritdoc cref="AsyncTask{T}.GetCoroutine"/>
    public new Coroutine GetCoroutine() => base.GetCoroutine().AsUnit();

    /// <inheritdoc cref="Future{T}.AsTask"/>
    public new Task AsTask() => base.AsTask();
}
