namespace Asyncio.Conformance;

// Timeouts together with cancellations from elsewhere, and with results.
internal static partial class Timeouts
{
    [Scenario]
    public static async Coroutine ForeignCancellationStaysOne(Trace trace)
    {
        var scopes = new List<AsyncTimeout>();

        async Coroutine Body() => await Aio.Timeout(60, async scope =>
        {
            scopes.Add(scope);
            await Forever();
        });

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("foreign");
        trace(await Attempt(task));
        trace($"expired {scopes[0].Expired()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine ForeignCancellationAndTimeoutTogether(Trace trace)
    {
        var scopes = new List<AsyncTimeout>();

        async Coroutine Body() => await Aio.Timeout(0, async scope =>
        {
            scopes.Add(scope);
            await Forever();
        });

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("foreign");
        trace(await Attempt(task));
        trace($"expired {scopes[0].Expired()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine ForeignCancellationWhileTheBodyCleansUpAfterTheTimeout(Trace trace)
    {
        var scopes = new List<AsyncTimeout>();

        async Coroutine Body() => await Aio.Timeout(0, async scope =>
        {
            scopes.Add(scope);
            try
            {
                await Forever();
            }
            finally
            {
                trace("cleanup");
                await Forever();
            }
        });

        var task = Aio.CreateTask(Body());
        await Spin(4);
        task.Cancel("foreign");
        trace(await Attempt(task));
        trace($"expired {scopes[0].Expired()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancelledFutureIsNotATimeout(Trace trace)
    {
        var future = Forever();
        Aio.GetRunningLoop().CallSoon(() => future.Cancel());
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(60, async it =>
            {
                scope = it;
                await future;
            });
        }
        catch (CancelledException error)
        {
            trace($"{Kind(error)} expired {scope.Expired()} requests {Requests()}");
        }
    }

    [Scenario]
    public static async Coroutine InTheCleanupOfACancelledTask(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace($"requests {Requests()}");
                try
                {
                    await Aio.Timeout(0.01, async () => { await Forever(); });
                }
                catch (TimeoutException error)
                {
                    trace($"{Kind(error)} requests {Requests()}");
                }
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledAgainInTheCleanupOfACancelledTask(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                try
                {
                    await Aio.Timeout(60, async () => { await Forever(); });
                }
                catch (CancelledException error)
                {
                    trace($"{Kind(error)} requests {Requests()}");
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("first");
        await Spin(2);
        task.Cancel("second");
        trace(await Attempt(task));
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine ResultAndTimeoutInOneIterationResultFirst(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = Forever();
        loop.CallLater(0.01, () => future.SetResult("result"));
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(0.03, async it =>
            {
                scope = it;
                Work(0.05);
                trace($"never {await future}");
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace($"expired {scope.Expired()} future {Outcome(future)}");
    }
}
