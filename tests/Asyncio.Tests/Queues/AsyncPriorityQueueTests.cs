using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Queues;

public class AsyncPriorityQueueTests : QueueContract
{
    protected override AsyncQueue<int> Create(int maxSize = 0) => new AsyncPriorityQueue<int>(maxSize);

    [Fact]
    public void Lowest_first()
    {
        var random = new Random(1);
        var queue = new AsyncPriorityQueue<int>();
        var items = Enumerable.Range(0, 500).Select(_ => random.Next(100)).ToArray();
        items.ToList().ForEach(queue.PutNowait);
        Assert.Equal(items.Order(), Enumerable.Range(0, 500).Select(_ => queue.GetNowait()));
    }

    [Fact]
    public void A_comparer_decides_and_equal_items_come_as_with_heapq()
    {
        // What Python 3.13 gives for these; the letters do not count.
        var queue = new AsyncPriorityQueue<(int Priority, char Name)>(comparer: Comparer<(int Priority, char Name)>.Create((x, y) => x.Priority.CompareTo(y.Priority)));
        foreach (var (priority, name) in new[] { 2, 1, 2, 1, 1, 2, 0, 1 }.Zip("abcdefgh"))
        {
            queue.PutNowait((priority, name));
        }

        Assert.Equal("gbdehcfa", string.Concat(Enumerable.Range(0, 8).Select(_ => queue.GetNowait().Name)));
    }

    [Fact]
    public void Items_that_cannot_be_compared_are_refused_and_the_queue_stays_as_it_was() => Run(async () =>
    {
        var queue = new AsyncPriorityQueue<object>(2);
        await queue.PutAsync(1);
        try
        {
            await queue.PutAsync("text");
            Assert.Fail("No order between a number and a text.");
        }
        catch (ArgumentException)
        {
        }

        Assert.Throws<ArgumentException>(() => queue.PutNowait("text"));
        Assert.Equal(new AsyncQueueStatistics(1, 2, 0, 0, 1, false), queue.Statistics);
        Assert.Equal(1, await queue.GetAsync());
    });

    [Fact]
    public void Shutdown_wakes_those_who_wait_even_if_the_comparer_fails() => Run(async () =>
    {
        var broken = false;
        var queue = new AsyncPriorityQueue<int>(3, Comparer<int>.Create((x, y) => broken ? throw new FormatException() : x.CompareTo(y)));
        foreach (var item in new[] { 3, 2, 1 })
        {
            queue.PutNowait(item);
        }

        var putter = Aio.CreateTask(queue.PutAsync(4));
        await Aio.Sleep(0);
        broken = true;
        Assert.Throws<FormatException>(() => queue.Shutdown(immediate: true));
        await Aio.Wait([putter], timeout: 300);
        Assert.IsType<QueueShutDownException>(putter.Exception());
    });
}
