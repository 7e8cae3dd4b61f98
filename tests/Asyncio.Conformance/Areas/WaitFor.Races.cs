namespace Asyncio.Conformance;

// Cancelling the waiter, races, iterations.
internal static partial class WaitFor
{
    [Scenario]
    public static async Coroutine CancelledWaiterCancelsWhatItWaitsFor(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"inner: {Kind(error)}");
                throw;
            }
        }

        var inner = Aio.CreateTask(Body());

        async Coroutine Waiter() => await Aio.WaitFor(inner, 60);

        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        task.Cancel("m");
        trace(await Attempt(task));
        trace($"inner cancelled {inner.Cancelled()} requests {inner.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellationIsNotLostWhenTheInnerFinishedInTheSameIteration(Trace trace)
    {
        var future = Forever();

        async Coroutine<string> Waiter() => await Aio.WaitFor(future, 60);

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        future.SetResult("result");
        trace($"cancel: {task.Cancel()}");
        trace(await Attempt(task));
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine CancellationAndFinishedInnerTask(Trace trace)
    {
        async Coroutine<string> Body()
        {
            await Aio.Sleep(0);
            return "kept";
        }

        var inner = Aio.CreateTask(Body());

        async Coroutine<string> Waiter() => await Aio.WaitFor(inner, 60);

        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        trace($"inner {Outcome(inner)}");
        task.Cancel();
        trace(await Attempt(task));
        trace($"inner {Outcome(inner)}");
    }

    [Scenario]
    public static async Coroutine ShieldWithLimitZero(Trace trace)
    {
        async Coroutine<string> Body()
        {
            trace("runs");
            return "ends";
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(Aio.WaitFor(Aio.Shield(task), 0)));
        trace(Outcome(task));
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine IterationsThatALimitedTaskTakes(Trace trace)
    {
        async Coroutine Body() => trace("body");

        var ticks = Aio.CreateTask(Ticker(trace, 4));
        await Aio.WaitFor(Aio.CreateTask(Body()), 60);
        trace("awaited");
        await ticks;
    }

    [Scenario]
    public static async Coroutine IterationsOfALimitOfZero(Trace trace)
    {
        async Coroutine Body() => await Forever();

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 5));
        trace(await Attempt(Aio.WaitFor(task, 0)));
        await ticks;
    }
}
