using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Runs the first step of every task inside <c>CreateTask</c>, unless the call says otherwise.</summary>
internal sealed class EagerTaskFactory : AsyncTaskFactory
{
    internal static readonly EagerTaskFactory Instance = new();

    public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options) =>
        base.Create(loop, coroutine, options with { EagerStart = options.EagerStart ?? true });

    public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options) =>
        base.Create(loop, coroutine, options with { EagerStart = options.EagerStart ?? true });
}
