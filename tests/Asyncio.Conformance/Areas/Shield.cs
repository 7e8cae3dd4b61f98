namespace Asyncio.Conformance;

/// <summary>shield: what is cancelled, what lives on.</summary>
[Area("shield")]
internal static class Shield
{
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    private static async Coroutine<string> Give(string value, int turns = 0)
    {
        await Spin(turns);
        return value;
    }

    [Scenario]
    public static async Coroutine ResultPassesThrough(Trace trace) => trace(await Attempt(Aio.Shield(Give("r", 2))));

    [Scenario]
    public static async Coroutine FinishedFutureIsGivenBackItself(Trace trace)
    {
        var future = Forever();
        future.SetResult("1");
        trace($"same {Aio.Shield(future) == future}");
        var pending = Forever();
        trace($"same {Aio.Shield(pending) == pending}");
    }

    [Scenario]
    public static async Coroutine CancelledInnerCancelsTheOuter(Trace trace)
    {
        var inner = Forever();
        var outer = Aio.Shield(inner);
        inner.Cancel();
        trace($"outer {Outcome(outer)}");
        await Aio.Sleep(0);
        trace($"outer {Outcome(outer)} cancelled {outer.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine CancelledOuterLeavesTheInner(Trace trace)
    {
        var inner = Forever();
        var outer = Aio.Shield(inner);
        trace($"cancel: {outer.Cancel("m")}");
        trace($"outer {Outcome(outer)} inner {Outcome(inner)}");
        inner.SetResult("later");
        await Aio.Sleep(0);
        trace($"outer {Outcome(outer)} inner {Outcome(inner)}");
    }

    [Scenario]
    public static async Coroutine InnerCompletesAfterTheOuterTaskWasCancelled(Trace trace)
    {
        var gate = Forever();

        async Coroutine<string> Inner()
        {
            trace($"inner got {await gate}");
            return "inner ends";
        }

        var innerTask = Aio.CreateTask(Inner());

        async Coroutine Outer()
        {
            try
            {
                await Aio.Shield(innerTask);
            }
            catch (CancelledException error)
            {
                trace($"outer: {Kind(error)}");
                throw;
            }
        }

        var task = Aio.CreateTask(Outer());
        await Spin(2);
        task.Cancel("m");
        trace(await Attempt(task));
        gate.SetResult("late");
        trace(await Attempt(innerTask));
        trace($"requests of the inner {innerTask.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine ShieldAroundAGathering(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        Future<int>[] gates = [loop.CreateFuture<int>(), loop.CreateFuture<int>()];
        var gathering = Aio.GatherAll(gates);
        var outer = Aio.Shield(gathering);

        async Coroutine Waiter() => await outer;

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
        foreach (var (number, gate) in gates.Index())
        {
            gate.SetResult(number);
        }

        trace(await Attempt(gathering));
    }

    [Scenario]
    public static async Coroutine GatheringOfShields(Trace trace)
    {
        Future<string>[] inner = [Forever(), Forever()];
        var gathering = Aio.GatherAll(inner.Select(future => Aio.Shield(future)));
        trace($"cancel: {gathering.Cancel()}");
        trace(await Attempt(gathering));
        trace($"{Outcome(inner[0])}, {Outcome(inner[1])}");
    }

    [Scenario]
    public static async Coroutine CancellingTheInnerTaskCancelsTheWaiter(Trace trace)
    {
        async Coroutine Body() => await Forever();

        var inner = Aio.CreateTask(Body());

        async Coroutine Waiter() => await Aio.Shield(inner);

        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        inner.Cancel();
        trace(await Attempt(task));
        trace($"requests of the waiter {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine ShieldedTwice(Trace trace)
    {
        var inner = Forever();
        var first = Aio.Shield(inner);
        var second = Aio.Shield(inner);
        first.Cancel();
        inner.SetResult("r");
        trace($"second {await Attempt(second)}");
        trace($"first {Outcome(first)}");
    }

    [Scenario]
    public static async Coroutine CancelledWaiterCanGoBackToWaiting(Trace trace)
    {
        var gate = Forever();

        async Coroutine<string> Critical() => await gate;

        async Coroutine<string> Waiter()
        {
            var work = Aio.CreateTask(Critical());
            try
            {
                return await Aio.Shield(work);
            }
            catch (CancelledException)
            {
                trace("cancelled, waits all the same");
                trace($"finished: {await work}");
                throw;
            }
        }

        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        task.Cancel();
        await Spin(2);
        trace($"waiter done {task.Done()}");
        gate.SetResult("critical part");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine IterationsOfAShield(Trace trace)
    {
        async Coroutine Body() => trace("body");

        var ticks = Aio.CreateTask(Ticker(trace, 5));
        await Aio.Shield(Body());
        trace("awaited");
        await ticks;
    }

    [Scenario]
    public static async Coroutine OuterCancelledWhileTheInnerResultIsOnItsWay(Trace trace)
    {
        var inner = Forever();
        var outer = Aio.Shield(inner);
        inner.SetResult("r");
        trace($"cancel: {outer.Cancel()}");
        await Spin(2);
        trace($"outer {Outcome(outer)} inner {Outcome(inner)}");
        trace(ErrorOf(outer.Result));
    }
}
