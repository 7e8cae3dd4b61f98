namespace Asyncio;

// What happens to work from outside when the loop closes.
public sealed partial class EventLoop
{
    /// <summary>What other threads had queued and nobody will run any more.</summary>
    private void ReleaseForeignWork()
    {
        if (_wakeup.HasWork)
        {
            _wakeup.DrainInto(Ready);
            while (Ready.Count > 0)
            {
                // A finalizer's report of a failure has its last chance here.
                if (Ready.Dequeue() is { Target: Reporting } report)
                {
                    CallExceptionHandler((ExceptionContext)report.Argument!);
                }
            }
        }
    }
}
