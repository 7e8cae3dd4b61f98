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
            Ready.Clear();
        }
    }
}
