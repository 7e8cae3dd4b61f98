namespace Asyncio.Conformance;

/// <summary>Conditions: notifying, re-acquiring, predicates, cancellation in every phase.</summary>
[Area("conditions")]
internal static partial class Conditions
{
    private static async Coroutine Wait(AsyncCondition condition, Trace trace, string name)
    {
        using (await condition.AcquireAsync())
        {
            trace($"{name} waits");
            var result = await condition.WaitAsync();
            trace($"{name} woken {result}, locked {condition.Locked()}");
        }
    }

    private static async Coroutine Notify(AsyncCondition condition, int count)
    {
        using (await condition.AcquireAsync())
        {
            condition.Notify(count);
        }
    }

    [Scenario]
    public static async Coroutine WaitingWithoutTheLockIsAnError(Trace trace)
    {
        var condition = new AsyncCondition();
        trace(await Attempt(condition.WaitAsync()));
        trace(ErrorOf(() => condition.Notify()));
        trace(ErrorOf(condition.NotifyAll));
        trace($"locked {condition.Locked()}");
    }

    [Scenario]
    public static async Coroutine ConditionIsItsLock(Trace trace)
    {
        var mutex = new AsyncLock();
        var condition = new AsyncCondition(mutex);
        trace($"acquired {Show(await condition.AcquireAsync())}");
        trace($"lock {mutex.Locked()} condition {condition.Locked()}");
        mutex.Release();
        trace($"lock {mutex.Locked()} condition {condition.Locked()}");
        trace(ErrorOf(condition.Release));
    }

    [Scenario]
    public static async Coroutine WaitingReleasesTheLockAndTakesItAgain(Trace trace)
    {
        var condition = new AsyncCondition();
        var task = Aio.CreateTask(Wait(condition, trace, "a"));
        await Aio.Sleep(0);
        trace($"while waiting: locked {condition.Locked()}");
        await Notify(condition, 1);
        await task;
        trace($"afterwards: locked {condition.Locked()}");
    }

    [Scenario]
    public static async Coroutine NotifyWakesOneInOrder(Trace trace)
    {
        var condition = new AsyncCondition();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Wait(condition, trace, name))).ToList();
        await Aio.Sleep(0);
        for (var number = 0; number < 3; number++)
        {
            trace($"notify {number}");
            await Notify(condition, 1);
            await Spin(4);
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine NotifyOfSeveral(Trace trace)
    {
        var condition = new AsyncCondition();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Wait(condition, trace, name))).ToList();
        await Aio.Sleep(0);
        await Notify(condition, 2);
        await Spin(6);
        trace($"done {Show(tasks.Select(task => task.Done()))}");
        await Notify(condition, 100);
        await tasks[2];
    }

    [Scenario]
    public static async Coroutine NotifyWithoutWaitersIsLost(Trace trace)
    {
        var condition = new AsyncCondition();
        await Notify(condition, 1);
        var task = Aio.CreateTask(Wait(condition, trace, "a"));
        await Spin(3);
        trace(Outcome(task));
        await Notify(condition, 1);
        await task;
    }

    [Scenario]
    public static async Coroutine NotifyAllWakesAllOneByOne(Trace trace)
    {
        var condition = new AsyncCondition();

        async Coroutine Waiter(string name)
        {
            using (await condition.AcquireAsync())
            {
                await condition.WaitAsync();
                trace($"{name} in");
                await Aio.Sleep(0);
                trace($"{name} out");
            }
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        using (await condition.AcquireAsync())
        {
            condition.NotifyAll();
            trace("notified");
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine NotifiedWaitsUntilTheNotifierReleases(Trace trace)
    {
        var condition = new AsyncCondition();
        var task = Aio.CreateTask(Wait(condition, trace, "a"));
        await Aio.Sleep(0);
        using (await condition.AcquireAsync())
        {
            condition.Notify();
            await Spin(3);
            trace($"notifier still inside, waiter {Outcome(task)}");
        }

        await task;
    }

    [Scenario]
    public static async Coroutine IterationsFromNotifyToWakeUp(Trace trace)
    {
        var condition = new AsyncCondition();
        var task = Aio.CreateTask(Wait(condition, trace, "a"));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 4));
        using (await condition.AcquireAsync())
        {
            condition.Notify();
        }

        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine WaitingForAPredicate(Trace trace)
    {
        var condition = new AsyncCondition();
        var value = 0;

        async Coroutine Waiter()
        {
            using (await condition.AcquireAsync())
            {
                var result = await condition.WaitForAsync(Check);
                trace($"result {result}");
            }
        }

        bool Check()
        {
            trace($"checks {value}");
            return value >= 2;
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        for (var turn = 0; turn < 2; turn++)
        {
            using (await condition.AcquireAsync())
            {
                value++;
                condition.Notify();
            }

            await Spin(3);
        }

        await task;
    }

    [Scenario]
    public static async Coroutine PredicateIsCheckedBeforeTheLockIsAskedFor(Trace trace)
    {
        var condition = new AsyncCondition();
        trace($"holds: {await Attempt(condition.WaitForAsync(() => true))}");
        trace($"does not: {await Attempt(condition.WaitForAsync(() => false))}");
    }

    [Scenario]
    public static async Coroutine FailingPredicate(Trace trace)
    {
        var condition = new AsyncCondition();

        bool Check() => throw new DivideByZeroException();

        using (await condition.AcquireAsync())
        {
            trace(await Attempt(condition.WaitForAsync(Check)));
            trace($"locked {condition.Locked()}");
        }
    }

    [Scenario]
    public static async Coroutine TwoConditionsShareOneLock(Trace trace)
    {
        var mutex = new AsyncLock();
        var full = new AsyncCondition(mutex);
        var empty = new AsyncCondition(mutex);
        var items = new Stack<int>();

        async Coroutine Producer()
        {
            for (var number = 0; number < 3; number++)
            {
                using (await full.AcquireAsync())
                {
                    await full.WaitForAsync(() => items.Count == 0);
                    items.Push(number);
                    trace($"puts {number}");
                    empty.Notify();
                }
            }
        }

        async Coroutine Consumer()
        {
            for (var turn = 0; turn < 3; turn++)
            {
                using (await empty.AcquireAsync())
                {
                    await empty.WaitForAsync(() => items.Count > 0);
                    trace($"gets {items.Pop()}");
                    full.Notify();
                }
            }
        }

        await Aio.GatherAll([Producer(), Consumer()]);
    }
}
