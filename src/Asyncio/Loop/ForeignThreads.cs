namespace Asyncio;

/// <summary>The one door to the .NET thread pool, for what cannot run on a loop's thread.</summary>
internal static class ForeignThreads
{
    /// <summary>Calls <paramref name="action"/> on a pool thread. Used where there is no loop to call it on.</summary>
    internal static void Queue(Action action) => ThreadPool.UnsafeQueueUserWorkItem(static a => a(), action, preferLocal: false);

    /// <summary>Runs a posted callback on a pool thread: the loop it was posted to is closed.</summary>
    internal static void Queue(SendOrPostCallback callback, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static s => s.callback(s.state), (callback, state), preferLocal: false);
}
