namespace Asyncio.Conformance;

/// <summary>Events: setting, clearing, waiting, and waiting that is cancelled.</summary>
[Area("events")]
internal static partial class Events
{
    private static async Coroutine Wait(AsyncEvent flag, Trace trace, string name) => trace($"{name}: {await flag.WaitAsync()}");

    [Scenario]
    public static async Coroutine Flag(Trace trace)
    {
        var flag = new AsyncEvent();
        trace($"set {flag.IsSet}");
        flag.Set();
        flag.Set();
        trace($"set {flag.IsSet}");
        flag.Clear();
        flag.Clear();
        trace($"set {flag.IsSet}");
    }

    [Scenario]
    public static async Coroutine WaitingForASetEventDoesNotSuspend(Trace trace)
    {
        var flag = new AsyncEvent();
        flag.Set();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"waited {await flag.WaitAsync()}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine SetWakesAllInOrder(Trace trace)
    {
        var flag = new AsyncEvent();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Wait(flag, trace, name))).ToList();
        await Aio.Sleep(0);
        flag.Set();
        trace("set");
        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine SetThenClearReleasesTheWaiters(Trace trace)
    {
        var flag = new AsyncEvent();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(flag, trace, name))).ToList();
        await Aio.Sleep(0);
        flag.Set();
        flag.Clear();
        trace($"cleared, is set {flag.IsSet}");
        await Spin(2);
        trace($"done {tasks[0].Done()} {tasks[1].Done()}");
        var late = Aio.CreateTask(Wait(flag, trace, "late"));
        await Spin(2);
        trace($"late {Outcome(late)}");
        flag.Set();
        flag.Set();
        flag.Clear();
        await late;
    }

    [Scenario]
    public static async Coroutine LateCallerRunsAheadOfTheWoken(Trace trace)
    {
        var flag = new AsyncEvent();
        var first = Aio.CreateTask(Wait(flag, trace, "first"));
        var second = Aio.CreateTask(Wait(flag, trace, "second"));
        await Aio.Sleep(0);
        flag.Set();
        await Wait(flag, trace, "third");
        await first;
        await second;
    }

    [Scenario]
    public static async Coroutine WakingTakesOneIteration(Trace trace)
    {
        var flag = new AsyncEvent();
        var task = Aio.CreateTask(Wait(flag, trace, "waiter"));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        flag.Set();
        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancelledWaiterIsRemoved(Trace trace)
    {
        var flag = new AsyncEvent();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(flag, trace, name))).ToList();
        await Aio.Sleep(0);
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        flag.Set();
        await tasks[1];
    }

    [Scenario]
    public static async Coroutine WaiterCancelledAfterTheSet(Trace trace)
    {
        var flag = new AsyncEvent();
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Wait(flag, trace, name))).ToList();
        await Aio.Sleep(0);
        flag.Set();
        tasks[0].Cancel();
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b: {await Attempt(tasks[1])}");
    }

    [Scenario]
    public static async Coroutine CancelledWaiterThenSetInOneIteration(Trace trace)
    {
        var flag = new AsyncEvent();
        var task = Aio.CreateTask(Wait(flag, trace, "a"));
        await Aio.Sleep(0);
        task.Cancel();
        flag.Set();
        trace(await Attempt(task));
        trace($"is set {flag.IsSet}");
    }

    [Scenario]
    public static void EventUsedUnderASecondLoop(Trace trace)
    {
        var flag = new AsyncEvent();

        async Coroutine First()
        {
            var task = Aio.CreateTask(flag.WaitAsync());
            await Aio.Sleep(0);
            flag.Set();
            trace(await Attempt(task));
        }

        async Coroutine Second()
        {
            trace(await Attempt(flag.WaitAsync()));
            flag.Clear();
            trace(await Attempt(flag.WaitAsync()));
        }

        Aio.Run(First());
        Aio.Run(Second());
    }
}
