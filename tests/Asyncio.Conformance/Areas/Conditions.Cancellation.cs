namespace Asyncio.Conformance;

// Waiters that are cancelled: while they wait, when they were notified, while they take the lock again.
internal static partial class Conditions
{
    [Scenario]
    public static async Coroutine CancelledWaiterHoldsTheLockWhenItIsInterrupted(Trace trace)
    {
        var condition = new AsyncCondition();

        async Coroutine Waiter()
        {
            using (await condition.AcquireAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                catch (CancelledException error)
                {
                    trace($"{Kind(error)} locked {condition.Locked()}");
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        task.Cancel("m");
        trace(await Attempt(task));
        trace($"afterwards: locked {condition.Locked()}");
    }

    [Scenario]
    public static async Coroutine CancellationWaitsForTheLock(Trace trace)
    {
        var condition = new AsyncCondition();
        var task = Aio.CreateTask(Wait(condition, trace, "a"));
        await Aio.Sleep(0);
        using (await condition.AcquireAsync())
        {
            task.Cancel();
            await Spin(3);
            trace($"still inside, waiter {Outcome(task)}");
        }

        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledWhileAcquiringAgain(Trace trace)
    {
        var condition = new AsyncCondition();

        async Coroutine Waiter()
        {
            using (await condition.AcquireAsync())
            {
                try
                {
                    await condition.WaitAsync();
                    trace("never");
                }
                catch (CancelledException error)
                {
                    trace($"{Kind(error)} locked {condition.Locked()}");
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        await condition.AcquireAsync();
        condition.Notify();
        await Spin(2);
        task.Cancel("late");
        await Spin(2);
        trace($"lock held, waiter {Outcome(task)}");
        condition.Release();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledSeveralTimesWhileAcquiringAgain(Trace trace)
    {
        var condition = new AsyncCondition();

        async Coroutine Waiter()
        {
            using (await condition.AcquireAsync())
            {
                await condition.WaitAsync();
            }
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        await condition.AcquireAsync();
        foreach (var message in new[] { "one", "two", "three" })
        {
            task.Cancel(message);
            await Spin(2);
        }

        trace(Outcome(task));
        condition.Release();
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellationObjectComesOutUnchanged(Trace trace)
    {
        var condition = new AsyncCondition();
        var seen = new List<CancelledException>();

        async Coroutine Waiter()
        {
            using (await condition.AcquireAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                catch (CancelledException error)
                {
                    seen.Add(error);
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        await condition.AcquireAsync();
        task.Cancel("the message");
        await Spin(2);
        condition.Release();
        try
        {
            await task;
        }
        catch (CancelledException error)
        {
            trace($"{Kind(error)} same {error == seen[0]}");
        }
    }

    [Scenario]
    public static async Coroutine NotificationIsNotLostWhenTheNotifiedIsCancelled(Trace trace)
    {
        var condition = new AsyncCondition();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(condition, trace, name))).ToList();
        await Aio.Sleep(0);
        using (await condition.AcquireAsync())
        {
            condition.Notify();
            tasks[0].Cancel();
        }

        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
    }

    [Scenario]
    public static async Coroutine CancelledThenNotifiedGoesToTheNext(Trace trace)
    {
        var condition = new AsyncCondition();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(condition, trace, name))).ToList();
        await Aio.Sleep(0);
        using (await condition.AcquireAsync())
        {
            tasks[0].Cancel();
            condition.Notify();
        }

        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
    }

    [Scenario]
    public static async Coroutine CancelledWaiterWakesAnotherByItself(Trace trace)
    {
        var condition = new AsyncCondition();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(condition, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        await Spin(4);
        trace($"b: {Outcome(tasks[1])}");
        tasks[1].Cancel();
        await Attempt(tasks[1]);
    }
}
