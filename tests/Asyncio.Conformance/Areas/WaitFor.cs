namespace Asyncio.Conformance;

/// <summary>wait_for: time limits on one awaitable.</summary>
[Area("wait_for")]
internal static partial class WaitFor
{
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    [Scenario]
    public static async Coroutine ResultInTime(Trace trace)
    {
        async Coroutine<string> Body()
        {
            await Aio.Sleep(0);
            return "in time";
        }

        trace(await Attempt(Aio.WaitFor(Body(), 60)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine WithoutLimit(Trace trace)
    {
        async Coroutine<string> Body()
        {
            await Spin(3);
            return "whenever";
        }

        trace(await Attempt(Aio.WaitFor(Body(), double.PositiveInfinity)));
    }

    [Scenario]
    public static async Coroutine TooLate(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"inside: {Kind(error)}");
                throw;
            }
        }

        trace(await Attempt(Aio.WaitFor(Body(), 0.01)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CauseOfTheTimeoutIsTheCancellation(Trace trace)
    {
        try
        {
            await Aio.WaitFor(Forever(), 0.01);
        }
        catch (TimeoutException error)
        {
            trace($"{Kind(error)} because of {Kind(error.InnerException)}");
        }
    }

    [Scenario]
    public static async Coroutine CoroutineRunsInTheTaskOfTheCaller(Trace trace)
    {
        async Coroutine<IAsyncTask> Body() => Aio.CurrentTask()!;

        trace($"same {await Aio.WaitFor(Body(), 60) == Aio.CurrentTask()}");
        trace($"same without limit {await Aio.WaitFor(Body(), double.PositiveInfinity) == Aio.CurrentTask()}");
    }

    [Scenario]
    public static async Coroutine CoroutineThatDoesNotSuspendCostsNoIteration(Trace trace)
    {
        async Coroutine<string> Body() => "at once";

        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace(await Aio.WaitFor(Body(), 60));
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine TaskThatIsWaitedForIsCancelled(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace($"requests {Aio.CurrentTask()!.Cancelling()}");
            }
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(Aio.WaitFor(task, 0.01)));
        trace(Outcome(task));
    }

    [Scenario]
    public static async Coroutine FutureThatIsWaitedForIsCancelled(Trace trace)
    {
        var future = Forever();
        trace(await Attempt(Aio.WaitFor(future, 0.01)));
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine LimitOfZeroNeverStartsTheCoroutine(Trace trace)
    {
        async Coroutine Body() => trace("never");

        trace(await Attempt(Aio.WaitFor(Body(), 0)));
        trace(await Attempt(Aio.WaitFor(Body(), -1)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine LimitOfZeroAndAFinishedFuture(Trace trace)
    {
        var finished = Forever();
        finished.SetResult("done");
        var failed = Forever();
        failed.SetException(new ArgumentException());
        trace(await Attempt(Aio.WaitFor(finished, 0)));
        trace(await Attempt(Aio.WaitFor(failed, -1)));
    }

    [Scenario]
    public static async Coroutine LimitOfZeroAndARunningTask(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace("cleanup starts");
                await Spin(2);
                trace("cleanup ends");
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        trace(await Attempt(Aio.WaitFor(task, 0)));
        trace(Outcome(task));
    }

    [Scenario]
    public static async Coroutine TaskThatIgnoresTheCancellationIsWaitedFor(Trace trace)
    {
        async Coroutine<string> Stubborn()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace("ignored");
            }

            await Aio.Sleep(0.01);
            return "late";
        }

        var task = Aio.CreateTask(Stubborn());
        trace(await Attempt(Aio.WaitFor(task, 0.01)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()} of the task {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CoroutineThatSwallowsTheCancellationGivesItsValue(Trace trace)
    {
        async Coroutine<string> Swallow()
        {
            try
            {
                return await Forever();
            }
            catch (CancelledException)
            {
                return "swallowed";
            }
        }

        trace(await Attempt(Aio.WaitFor(Swallow(), 0.01)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine FailureInTheCleanupReplacesTheTimeout(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                throw new ArgumentException("cleanup");
            }
        }

        trace(await Attempt(Aio.WaitFor(Body(), 0.01)));
        trace(await Attempt(Aio.WaitFor(Aio.CreateTask(Body()), 0.01)));
        trace($"requests {Aio.CurrentTask()!.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine TimeoutRaisedByTheAwaitedCodeItself(Trace trace)
    {
        async Coroutine Body() => throw new TimeoutException("its own");

        try
        {
            await Aio.WaitFor(Body(), 60);
        }
        catch (TimeoutException error)
        {
            trace($"{Kind(error)} because of {Kind(error.InnerException)}");
        }
    }
}
