namespace Asyncio.Conformance;

// Waiters that are cancelled.
internal static partial class Queues
{
    [Scenario]
    public static async Coroutine CancelledGetterIsSkipped(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        queue.PutNowait("item");
        trace($"a: {await Attempt(tasks[0])}");
        await tasks[1];
        trace($"size {queue.QSize()}");
    }

    [Scenario]
    public static async Coroutine ItemOfferedToACancelledGetterGoesToTheNext(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        queue.PutNowait("item");
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        await tasks[1];
        trace($"size {queue.QSize()}");
    }

    [Scenario]
    public static async Coroutine ItemOfferedToTheOnlyGetterStaysWhenThatIsCancelled(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var task = Aio.CreateTask(Get(queue, trace, "getter"));
        await Aio.Sleep(0);
        queue.PutNowait("item");
        task.Cancel();
        trace(await Attempt(task));
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine CancelledPutterIsSkipped(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        queue.PutNowait("a");
        var tasks = new[] { "b", "c" }.Select(item => Aio.CreateTask(Put(queue, trace, item))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        trace($"got {queue.GetNowait()}");
        trace($"b: {await Attempt(tasks[0])}");
        await tasks[1];
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine RoomOfferedToACancelledPutterGoesToTheNext(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        queue.PutNowait("a");
        var tasks = new[] { "b", "c" }.Select(item => Aio.CreateTask(Put(queue, trace, item))).ToList();
        await Aio.Sleep(0);
        trace($"got {queue.GetNowait()}");
        tasks[0].Cancel();
        trace($"b: {await Attempt(tasks[0])}");
        await tasks[1];
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine TimeoutOnGettingLosesNothing(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        trace(await Attempt(Aio.WaitFor(queue.GetAsync(), 0.01)));
        queue.PutNowait("item");
        trace(await Attempt(Aio.WaitFor(queue.GetAsync(), 0.01)));
    }
}
