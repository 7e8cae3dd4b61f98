namespace Asyncio.Conformance;

// Waiters that are cancelled.
internal static partial class Locks
{
    [Scenario]
    public static async Coroutine CancelledWaiterLeavesTheQueue(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(mutex, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[1].Cancel();
        trace($"b: {await Attempt(tasks[1])}");
        mutex.Release();
        await tasks[0];
        await tasks[2];
        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine ReleaseAndCancelledFirstWaiterInOneIteration(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Take(mutex, trace, name))).ToList();
        await Aio.Sleep(0);
        mutex.Release();
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine CancelledFirstWaiterAndReleaseInOneIteration(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Take(mutex, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        mutex.Release();
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine WokenWaiterIsCancelledBeforeItRuns(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var acquired = new List<string>();

        async Coroutine Waiter(string name)
        {
            await mutex.AcquireAsync();
            acquired.Add(name);
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        mutex.Release();
        tasks[0].Cancel();
        await Spin(4);
        trace($"acquired {Show(acquired)} locked {mutex.Locked()}");
        trace($"c {Outcome(tasks[2])}");
        mutex.Release();
        await Spin(2);
        trace($"acquired {Show(acquired)}");
    }

    [Scenario]
    public static async Coroutine TwoWokenWaitersCancelledInTurn(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(mutex, trace, name))).ToList();
        await Aio.Sleep(0);
        mutex.Release();
        tasks[0].Cancel();
        await Aio.Sleep(0);
        tasks[1].Cancel();
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }

        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine WaiterCancelledAfterItWasWokenDoesNotHoldTheLock(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var task = Aio.CreateTask(Take(mutex, trace, "a"));
        await Aio.Sleep(0);
        mutex.Release();
        task.Cancel();
        trace(await Attempt(task));
        trace($"locked {mutex.Locked()}");
        trace($"acquired {Show(await mutex.AcquireAsync())}");
    }

    [Scenario]
    public static async Coroutine WaiterThatSwallowsTheCancellationQueuesAnew(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();

        async Coroutine Stubborn()
        {
            try
            {
                await mutex.AcquireAsync();
            }
            catch (CancelledException)
            {
                trace("stubborn: again");
                await mutex.AcquireAsync();
            }

            trace("stubborn acquired");
            mutex.Release();
        }

        var first = Aio.CreateTask(Stubborn());
        var second = Aio.CreateTask(Take(mutex, trace, "second"));
        await Aio.Sleep(0);
        first.Cancel();
        await Spin(2);
        mutex.Release();
        await first;
        await second;
    }

    [Scenario]
    public static async Coroutine ChainOfHandOversAmongMany(Trace trace)
    {
        var mutex = new AsyncLock();
        var order = new List<int>();

        async Coroutine Work(int number)
        {
            using (await mutex.AcquireAsync())
            {
                order.Add(number);
            }
        }

        await mutex.AcquireAsync();
        var tasks = Enumerable.Range(0, 10).Select(number => Aio.CreateTask(Work(number))).ToList();
        await Aio.Sleep(0);
        foreach (var number in new[] { 1, 4, 5, 9 })
        {
            tasks[number].Cancel();
        }

        mutex.Release();
        await Aio.Wait(tasks);
        trace($"order {Show(order)}");
    }
}
