namespace Asyncio;

public sealed partial class EventLoop
{
    private void CloseExecutor()
    {
    }
}
