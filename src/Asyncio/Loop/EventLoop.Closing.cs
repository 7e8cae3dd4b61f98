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
    }
}
