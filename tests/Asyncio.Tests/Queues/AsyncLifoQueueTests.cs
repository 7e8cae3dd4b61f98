using Xunit;

namespace Asyncio.Tests.Queues;

public class AsyncLifoQueueTests : QueueContract
{
    protected override AsyncQueue<int> Create(int maxSize = 0) => new AsyncLifoQueue<int>(maxSize);

    [Fact]
    public void Last_in_first_out()
    {
        var queue = new AsyncLifoQueue<int>();
        new[] { 3, 1, 2 }.ToList().ForEach(queue.PutNowait);
        Assert.Equal("<AsyncLifoQueue maxsize=0 _queue=[3, 1, 2] tasks=3>", queue.ToString());
        Assert.Equal([2, 1, 3], Enumerable.Range(0, 3).Select(_ => queue.GetNowait()));
    }
}
