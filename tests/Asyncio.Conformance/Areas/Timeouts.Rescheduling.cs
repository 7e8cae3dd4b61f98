namespace Asyncio.Conformance;

// Deadlines that are moved.
internal static partial class Timeouts
{
    [Scenario]
    public static async Coroutine RescheduleToALaterTime(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        AsyncTimeout scope = null!;
        await Aio.Timeout(0.01, async it =>
        {
            scope = it;
            scope.Reschedule(loop.Time() + 60);
            await Aio.Sleep(0.03);
            trace("not interrupted");
        });
        trace($"expired {scope.Expired()}");
    }

    [Scenario]
    public static async Coroutine RescheduleToAnEarlierTime(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        try
        {
            await Aio.Timeout(60, async scope =>
            {
                var when = loop.Time() + 0.01;
                scope.Reschedule(when);
                trace($"deadline {scope.When() == when}");
                await Forever();
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine RescheduleToThePastStrikesAtTheNextAwait(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        try
        {
            await Aio.Timeout(60, async scope =>
            {
                scope.Reschedule(loop.Time() - 1);
                trace($"expired {scope.Expired()}");
                await Aio.Sleep(0);
                trace("never");
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine RescheduleToNoneDisarms(Trace trace)
    {
        AsyncTimeout scope = null!;
        await Aio.Timeout(0.01, async it =>
        {
            scope = it;
            scope.Reschedule(double.PositiveInfinity);
            trace($"deadline {Deadline(scope)}");
            await Aio.Sleep(0.03);
            trace("not interrupted");
        });
        trace($"expired {scope.Expired()}");
    }

    [Scenario]
    public static async Coroutine RescheduleFromAnotherTask(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var scopes = new List<AsyncTimeout>();

        async Coroutine Limited() => await Aio.Timeout(double.PositiveInfinity, async scope =>
        {
            scopes.Add(scope);
            await Forever();
        });

        var task = Aio.CreateTask(Limited());
        await Aio.Sleep(0);
        scopes[0].Reschedule(loop.Time() + 60);
        await Spin(2);
        trace($"done {task.Done()}");
        scopes[0].Reschedule(loop.Time());
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine RescheduleWhereItIsAnError(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        AsyncTimeout scope = null!;
        await Aio.Timeout(60, async it => { scope = it; });
        trace($"finished: {ErrorOf(() => scope.Reschedule(loop.Time()))}");
        try
        {
            await Aio.Timeout(0.01, async it =>
            {
                scope = it;
                try
                {
                    await Forever();
                }
                finally
                {
                    trace($"expiring: {ErrorOf(() => scope.Reschedule(loop.Time() + 60))}");
                }
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace($"expired: {ErrorOf(() => scope.Reschedule(double.PositiveInfinity))}");
    }
}
