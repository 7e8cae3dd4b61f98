namespace Asyncio;

// What happens to work that is left when the loop closes.
public sealed partial class EventLoop
{
    /// <summary>What was ready, and what other threads had queued: nobody will run it any more.</summary>
    private void GiveUpReadyWork()
    {
        _wakeup.Close();
        _wakeup.DrainInto(Ready);
        while (Ready.Count > 0)
        {
            var item = Ready.Dequeue();
            if (item.Target is Reporting)
            {
                CallExceptionHandler((ExceptionContext)item.Argument!); // a finalizer's report of a failure has its last chance here
            }
            else
            {
                item.Target.GiveUp(item.Argument);
            }
        }

        ReportPendingTasks();
    }

    /// <summary>Tasks that nobody will run to their end: their <c>finally</c> blocks stay undone, which is worth a word.</summary>
    private void ReportPendingTasks()
    {
        foreach (var task in LiveTasks())
        {
            CallExceptionHandler(new ExceptionContext("Task was destroyed but it is pending!") { Future = task.AsFuture() });
        }
    }
}
