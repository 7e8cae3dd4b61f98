namespace Asyncio.Conformance;

// Waiters that are cancelled.
internal static partial class Semaphores
{
    [Scenario]
    public static async Coroutine WokenWaiterCancelledGivesItsPermitBack(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name))).ToList();
        await Aio.Sleep(0);
        semaphore.Release();
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine OnlyWaiterWokenAndCancelledGivesItsPermitBack(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var task = Aio.CreateTask(Take(semaphore, trace, "a"));
        await Aio.Sleep(0);
        semaphore.Release();
        task.Cancel();
        trace(await Attempt(task));
        trace($"locked {semaphore.Locked()}");
        trace($"acquired {Show(await semaphore.AcquireAsync())}");
    }

    [Scenario]
    public static async Coroutine CancelAndReleaseInOneStepStrandNobody(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        await semaphore.AcquireAsync();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        semaphore.Release();
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine HolderCancelsAWaiter(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        AsyncTask? waiter = null;

        async Coroutine Holder()
        {
            using (await semaphore.AcquireAsync())
            {
                await Aio.Sleep(0);
                waiter!.Cancel();
            }

            using (await semaphore.AcquireAsync())
            {
                trace("holder again");
            }
        }

        var task = Aio.CreateTask(Holder());
        waiter = Aio.CreateTask(Take(semaphore, trace, "waiter"));
        await task;
        trace(await Attempt(waiter));
        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine TwoPermitsOneOfTwoWokenIsCancelled(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name, 4))).ToList();
        await Aio.Sleep(0);
        semaphore.Release();
        semaphore.Release();
        tasks[0].Cancel();
        await Spin(2);
        trace($"a cancelled {tasks[0].Cancelled()}, locked {semaphore.Locked()}");
        foreach (var task in tasks)
        {
            await Attempt(task);
        }

        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine ManyWaitersWokenThenEveryOtherCancelled(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var order = new List<int>();

        async Coroutine Work(int number)
        {
            await semaphore.AcquireAsync();
            order.Add(number);
        }

        var tasks = Enumerable.Range(0, 8).Select(number => Aio.CreateTask(Work(number))).ToList();
        await Aio.Sleep(0);
        for (var turn = 0; turn < 4; turn++)
        {
            semaphore.Release();
        }

        for (var number = 0; number < 8; number += 2)
        {
            tasks[number].Cancel();
        }

        var (_, pending) = await Aio.Wait(tasks, timeout: 100);
        trace($"order {Show(order)} pending {pending.Count} locked {semaphore.Locked()}");
    }
}
