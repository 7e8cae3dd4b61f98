using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Queues;

public class AsyncQueueTests : QueueContract
{
    protected override AsyncQueue<int> Create(int maxSize = 0) => new(maxSize);

    [Fact]
    public void First_in_first_out()
    {
        var queue = new AsyncQueue<int>();
        new[] { 3, 1, 2 }.ToList().ForEach(queue.PutNowait);
        Assert.Equal("<AsyncQueue maxsize=0 _queue=[3, 1, 2] tasks=3>", queue.ToString());
        Assert.Equal([3, 1, 2], Enumerable.Range(0, 3).Select(_ => queue.GetNowait()));
    }

    [Fact]
    public void It_shows_its_state() => Run(async () =>
    {
        var queue = new AsyncQueue<string>(1);
        var getter = Aio.CreateTask(queue.GetAsync());
        await Pass();
        Assert.Equal("<AsyncQueue maxsize=1 _getters[1]>", queue.ToString());
        queue.PutNowait("a");
        await getter;
        queue.PutNowait("b");
        var putter = Aio.CreateTask(queue.PutAsync("c"));
        await Pass();
        Assert.Equal("<AsyncQueue maxsize=1 _queue=[b] _putters[1] tasks=2>", queue.ToString());
        Assert.Equal(new AsyncQueueStatistics(1, 1, 0, 1, 2, false), queue.Statistics);
        putter.Cancel();
        await Outcome(putter);
        queue.Shutdown(immediate: true);
        Assert.Equal("<AsyncQueue maxsize=1 tasks=1 shutdown>", queue.ToString());
    });

    [Fact]
    public void Items_that_were_taken_are_not_kept_alive() => Run(async () =>
    {
        var queue = new AsyncQueue<object>(1);
        var item = await PutAndGet(queue);
        Collect();
        Assert.False(item.IsAlive);
        GC.KeepAlive(queue);

        static async Coroutine<WeakReference> PutAndGet(AsyncQueue<object> queue)
        {
            var item = new WeakReference(new object());
            await queue.PutAsync(item.Target!);
            await queue.GetAsync();
            return item;
        }
    });

    [Fact]
    public void A_queue_of_another_order_can_be_made() => Run(async () =>
    {
        var queue = new Latest();
        await queue.PutAsync("a");
        await queue.PutAsync("b");
        Assert.Equal("<Latest maxsize=0 _queue=[a, b] tasks=2>", queue.ToString());
        Assert.Equal("b", await queue.GetAsync());
    });

    private sealed class Latest : AsyncQueue<string>
    {
        private readonly List<string> _items = [];

        protected override IEnumerable<string> Items => _items;

        protected override void PutItem(string item) => _items.Add(item);

        protected override string TakeItem()
        {
            var item = _items[^1];
            _items.RemoveAt(_items.Count - 1);
            return item;
        }
    }
}
