namespace Asyncio.Conformance;

/// <summary>Queues of all kinds: order, capacity, waiters and their cancellation, join, shutdown.</summary>
[Area("queues")]
internal static partial class Queues
{
    private static async Coroutine Put<T>(AsyncQueue<T> queue, Trace trace, T item)
    {
        await queue.PutAsync(item);
        trace($"put {item}");
    }

    private static async Coroutine Get<T>(AsyncQueue<T> queue, Trace trace, string name) => trace($"{name} got {Show(await queue.GetAsync())}");

    private static string Drain<T>(AsyncQueue<T> queue)
    {
        var items = new List<T>();
        while (!queue.IsEmpty)
        {
            items.Add(queue.GetNowait());
        }

        return Show(items);
    }

    [Scenario]
    public static async Coroutine FirstInFirstOut(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        foreach (var item in new[] { 3, 1, 2 })
        {
            queue.PutNowait(item);
        }

        trace($"size {queue.QSize()} empty {queue.IsEmpty} full {queue.IsFull}");
        trace($"items {Drain(queue)}");
        trace($"size {queue.QSize()} empty {queue.IsEmpty}");
    }

    [Scenario]
    public static async Coroutine LastInFirstOut(Trace trace)
    {
        var queue = new AsyncLifoQueue<int>();
        foreach (var item in new[] { 3, 1, 2 })
        {
            queue.PutNowait(item);
        }

        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine LowestFirst(Trace trace)
    {
        var queue = new AsyncPriorityQueue<int>();
        foreach (var item in new[] { 5, 1, 4, 2, 3 })
        {
            queue.PutNowait(item);
        }

        trace($"first {queue.GetNowait()}");
        queue.PutNowait(0);
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine Capacity(Trace trace)
    {
        var queue = new AsyncQueue<string>(2);
        trace($"capacity {queue.MaxSize}");
        queue.PutNowait("a");
        trace($"full {queue.IsFull}");
        queue.PutNowait("b");
        trace($"full {queue.IsFull}");
        trace($"third: {ErrorOf(() => queue.PutNowait("c"))}");
        queue.GetNowait();
        queue.GetNowait();
        trace($"empty: {ErrorOf(queue.GetNowait)}");
    }

    [Scenario]
    public static async Coroutine CapacityOfZeroOrLessIsNone(Trace trace)
    {
        foreach (var capacity in new[] { 0, -3 })
        {
            var queue = new AsyncQueue<int>(capacity);
            for (var number = 0; number < 100; number++)
            {
                queue.PutNowait(number);
            }

            trace($"capacity {queue.MaxSize} size {queue.QSize()} full {queue.IsFull}");
        }
    }

    [Scenario]
    public static async Coroutine PutAndGetThatNeedNotWaitDoNotSuspend(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await queue.PutAsync("a");
        trace($"got {await queue.GetAsync()}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine GetterWaitsForAnItem(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var task = Aio.CreateTask(Get(queue, trace, "getter"));
        await Aio.Sleep(0);
        trace("puts");
        queue.PutNowait("item");
        trace($"size {queue.QSize()}");
        await task;
        trace($"size {queue.QSize()}");
    }

    [Scenario]
    public static async Coroutine PutterWaitsForRoom(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        await Put(queue, trace, "a");
        var task = Aio.CreateTask(Put(queue, trace, "b"));
        await Spin(2);
        trace($"putter {Outcome(task)}");
        trace($"got {queue.GetNowait()}");
        await task;
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine GettersAreServedInOrder(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        foreach (var item in new[] { 1, 2, 3 })
        {
            queue.PutNowait(item);
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine PuttersAreServedInOrder(Trace trace)
    {
        var queue = new AsyncQueue<int>(1);
        queue.PutNowait(0);
        var tasks = new[] { 1, 2, 3 }.Select(number => Aio.CreateTask(Put(queue, trace, number))).ToList();
        await Aio.Sleep(0);
        for (var turn = 0; turn < 4; turn++)
        {
            trace($"got {await queue.GetAsync()}");
            await Spin(2);
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine WakeUpTakesOneIteration(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var task = Aio.CreateTask(Get(queue, trace, "getter"));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        queue.PutNowait("item");
        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine NewcomerMayTakeTheItemOfAWokenGetter(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var task = Aio.CreateTask(Get(queue, trace, "waiter"));
        await Aio.Sleep(0);
        queue.PutNowait("first");
        trace($"newcomer got {await queue.GetAsync()}");
        await Spin(2);
        trace($"waiter {Outcome(task)}");
        queue.PutNowait("second");
        await task;
    }

    [Scenario]
    public static async Coroutine NewcomerMayTakeTheRoomOfAWokenPutter(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        queue.PutNowait("a");
        var task = Aio.CreateTask(Put(queue, trace, "waiter's"));
        await Aio.Sleep(0);
        queue.GetNowait();
        queue.PutNowait("newcomer's");
        await Spin(2);
        trace($"waiter {Outcome(task)}");
        trace($"got {queue.GetNowait()}");
        await task;
    }

    [Scenario]
    public static async Coroutine ProducerAndConsumerWithRoomForOne(Trace trace)
    {
        var queue = new AsyncQueue<int>(1);

        async Coroutine Produce()
        {
            for (var number = 0; number < 4; number++)
            {
                await queue.PutAsync(number);
                trace($"put {number}");
            }
        }

        async Coroutine Consume()
        {
            for (var turn = 0; turn < 4; turn++)
            {
                trace($"got {await queue.GetAsync()}");
            }
        }

        var producer = Aio.CreateTask(Produce());
        var consumer = Aio.CreateTask(Consume());
        await producer;
        await consumer;
    }

    [Scenario]
    public static async Coroutine WaitingGettersOfAPriorityQueue(Trace trace)
    {
        var queue = new AsyncPriorityQueue<int>();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        foreach (var item in new[] { 3, 1, 2 })
        {
            queue.PutNowait(item);
        }

        foreach (var task in tasks)
        {
            await task;
        }

        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine HundredItemsThroughANarrowQueue(Trace trace)
    {
        var queue = new AsyncQueue<int>(3);
        var received = new List<int>();

        async Coroutine Produce(int first)
        {
            for (var number = first; number < first + 50; number++)
            {
                await queue.PutAsync(number);
            }
        }

        async Coroutine Consume()
        {
            for (var turn = 0; turn < 50; turn++)
            {
                received.Add(await queue.GetAsync());
            }
        }

        await Aio.GatherAll([Produce(0), Produce(100), Consume(), Consume()]);
        trace($"received {received.Count} different {received.Distinct().Count()} left {queue.QSize()}");
        trace($"first ten {Show(received.Take(10))}");
    }

    [Scenario]
    public static void QueueUsedUnderASecondLoop(Trace trace)
    {
        var queue = new AsyncQueue<string>();

        async Coroutine Contend()
        {
            var task = Aio.CreateTask(queue.GetAsync());
            await Aio.Sleep(0);
            queue.PutNowait("item");
            trace(await Attempt(task));
        }

        async Coroutine Uncontended()
        {
            queue.PutNowait("item");
            trace($"got {await queue.GetAsync()}");
            trace(await Attempt(queue.GetAsync()));
        }

        Aio.Run(Contend());
        Aio.Run(Uncontended());
    }
}
