namespace Asyncio;

/// <summary>The tasks that still live when main has ended.</summary>
internal static class LeftoverTasks
{
    /// <summary>Cancels them all, waits until all have ended, then reports those that ended with an error.</summary>
    internal static void CancelAndWait(EventLoop loop)
    {
        var tasks = loop.LiveTasks();
        if (tasks.Count == 0)
        {
            return;
        }

        var allDone = loop.CreateFuture<Unit>();
        var countdown = new Countdown(allDone, tasks.Count);
        foreach (var task in tasks)
        {
            task.Cancel();
            task.AsFuture().AddListener(countdown);
        }

        loop.RunUntilComplete(allDone);
        foreach (var task in tasks)
        {
            if (task.IsFaulted)
            {
                var future = task.AsFuture();
                loop.CallExceptionHandler(new ExceptionContext("unhandled exception during Aio.Run() shutdown") { Exception = future.Exception(), Future = future });
            }
        }
    }

    /// <summary>Completes a future when the last of several has ended.</summary>
    private sealed class Countdown(Future<Unit> allDone, int left) : Runnable
    {
        private int _left = left;

        internal override void Run(object? argument)
        {
            if (--_left == 0)
            {
                allDone.TrySetResult(default);
            }
        }
    }
}
