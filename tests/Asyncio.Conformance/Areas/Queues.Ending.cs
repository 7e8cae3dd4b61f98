namespace Asyncio.Conformance;

// Joining and shutting down.
internal static partial class Queues
{
    [Scenario]
    public static async Coroutine WorkersShareTheItems(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        for (var number = 0; number < 6; number++)
        {
            queue.PutNowait(number);
        }

        async Coroutine Worker(string name)
        {
            while (true)
            {
                var item = await queue.GetAsync();
                trace($"{name} has {item}");
                await Spin(item % 2 + 1);
                queue.TaskDone();
            }
        }

        var workers = new[] { "a", "b" }.Select(name => Aio.CreateTask(Worker(name))).ToList();
        await queue.JoinAsync();
        trace("joined");
        foreach (var each in workers)
        {
            each.Cancel();
            trace(await Attempt(each));
        }
    }

    [Scenario]
    public static async Coroutine TooManyTaskDone(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        trace(ErrorOf(queue.TaskDone));
        queue.PutNowait(1);
        queue.GetNowait();
        queue.TaskDone();
        trace(ErrorOf(queue.TaskDone));
    }

    [Scenario]
    public static async Coroutine JoinOfAQueueThatWasNeverUsed(Trace trace)
    {
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await new AsyncQueue<int>().JoinAsync();
        trace("joined at once");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine JoinWaitsForTaskDoneNotForGet(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        queue.PutNowait("a");
        queue.PutNowait("b");
        var joiner = Aio.CreateTask(queue.JoinAsync());
        await Aio.Sleep(0);
        trace($"items {Drain(queue)}");
        await Spin(2);
        trace($"joiner {Outcome(joiner)}");
        queue.TaskDone();
        await Spin(2);
        trace($"joiner {Outcome(joiner)}");
        queue.TaskDone();
        await joiner;
        trace("joined");
    }

    [Scenario]
    public static async Coroutine ItemsPutAfterTheJoinBeganCountToo(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        queue.PutNowait("a");
        var joiner = Aio.CreateTask(queue.JoinAsync());
        await Aio.Sleep(0);
        queue.PutNowait("b");
        queue.TaskDone();
        await Spin(2);
        trace($"joiner {Outcome(joiner)}");
        queue.TaskDone();
        await joiner;
        trace($"joined, items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine ShutdownOfAnEmptyQueue(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        queue.Shutdown();
        trace($"put: {await Attempt(queue.PutAsync(1))}");
        trace($"put_nowait: {ErrorOf(() => queue.PutNowait(1))}");
        trace($"get: {await Attempt(queue.GetAsync())}");
        trace($"get_nowait: {ErrorOf(queue.GetNowait)}");
        await queue.JoinAsync();
        trace("joined");
    }

    [Scenario]
    public static async Coroutine ShutdownLeavesTheItems(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        queue.PutNowait("a");
        queue.PutNowait("b");
        queue.Shutdown();
        trace($"put: {await Attempt(queue.PutAsync("c"))}");
        var joiner = Aio.CreateTask(queue.JoinAsync());
        trace($"get: {await Attempt(queue.GetAsync())}");
        trace($"get_nowait: {queue.GetNowait()}");
        trace($"get: {await Attempt(queue.GetAsync())}");
        queue.TaskDone();
        await Spin(2);
        trace($"joiner {Outcome(joiner)}");
        queue.TaskDone();
        await joiner;
        trace("joined");
    }

    [Scenario]
    public static async Coroutine ShutdownReleasesWaitingGetters(Trace trace)
    {
        var queue = new AsyncQueue<int>();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        queue.Shutdown();
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }
    }

    [Scenario]
    public static async Coroutine ShutdownReleasesWaitingPutters(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        queue.PutNowait("a");
        var tasks = new[] { "b", "c" }.Select(item => Aio.CreateTask(Put(queue, trace, item))).ToList();
        await Aio.Sleep(0);
        queue.Shutdown();
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }

        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine PutterWokenBeforeTheShutdown(Trace trace)
    {
        var queue = new AsyncQueue<string>(1);
        queue.PutNowait("a");
        var task = Aio.CreateTask(Put(queue, trace, "b"));
        await Aio.Sleep(0);
        queue.GetNowait();
        queue.Shutdown();
        trace(await Attempt(task));
        trace($"items {Drain(queue)}");
    }

    [Scenario]
    public static async Coroutine GetterWokenBeforeTheShutdown(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Get(queue, trace, name))).ToList();
        await Aio.Sleep(0);
        queue.PutNowait("item");
        queue.Shutdown();
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }
    }

    [Scenario]
    public static async Coroutine ImmediateShutdownDiscardsTheItems(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        foreach (var item in new[] { "a", "b", "c" })
        {
            queue.PutNowait(item);
        }

        var joiner = Aio.CreateTask(queue.JoinAsync());
        await Aio.Sleep(0);
        queue.Shutdown(immediate: true);
        trace($"size {queue.QSize()}");
        await joiner;
        trace("joined");
        trace($"get: {await Attempt(queue.GetAsync())}");
        trace($"task_done: {ErrorOf(queue.TaskDone)}");
    }

    [Scenario]
    public static async Coroutine ImmediateShutdownWithUnfinishedItems(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        queue.PutNowait("a");
        queue.PutNowait("b");
        trace($"got {await queue.GetAsync()}");
        var joiner = Aio.CreateTask(queue.JoinAsync());
        await Aio.Sleep(0);
        queue.Shutdown(immediate: true);
        await Spin(2);
        trace($"joiner {Outcome(joiner)} size {queue.QSize()}");
        queue.TaskDone();
        await joiner;
        trace("joined");
    }

    [Scenario]
    public static async Coroutine ShutdownTwiceTheSecondTimeImmediate(Trace trace)
    {
        var queue = new AsyncQueue<string>();
        queue.PutNowait("a");
        queue.Shutdown();
        queue.Shutdown();
        trace($"size {queue.QSize()}");
        queue.Shutdown(immediate: true);
        trace($"size {queue.QSize()}");
        trace($"get: {await Attempt(queue.GetAsync())}");
    }

    [Scenario]
    public static async Coroutine WorkersEndByShutdown(Trace trace)
    {
        var queue = new AsyncQueue<int>();

        async Coroutine Worker(string name)
        {
            try
            {
                while (true)
                {
                    var item = await queue.GetAsync();
                    trace($"{name} has {item}");
                    await Aio.Sleep(0);
                    queue.TaskDone();
                }
            }
            catch (QueueShutDownException error)
            {
                trace($"{name}: {Kind(error)}");
            }
        }

        var workers = new[] { "a", "b" }.Select(name => Aio.CreateTask(Worker(name))).ToList();
        for (var number = 0; number < 3; number++)
        {
            await queue.PutAsync(number);
        }

        queue.Shutdown();
        foreach (var each in workers)
        {
            await each;
        }
    }
}
