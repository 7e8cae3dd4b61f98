namespace Asyncio.Conformance;

// Between wake-up and step; the awaited future; what a task makes of it.
internal static partial class Cancellation
{
    [Scenario]
    public static async Coroutine CancelledBeforeItsFirstStep(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                trace("never");
            }
            finally
            {
                trace("never either");
            }
        }

        var task = Aio.CreateTask(Body());
        trace($"cancel: {task.Cancel("too early")}");
        trace($"done {task.Done()} requests {task.Cancelling()}");
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine CancelledWhileRunnableInItsLastStepLosesItsValue(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body()
        {
            try
            {
                var value = await gate;
                trace($"never {value}");
            }
            catch (CancelledException error)
            {
                trace($"inside: {Kind(error)}");
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        gate.SetResult("value");
        trace($"cancel: {task.Cancel("after the wake-up")}");
        trace(await Attempt(task));
        trace($"gate {Outcome(gate)}");
    }

    [Scenario]
    public static async Coroutine CancelledBetweenFailureAndStep(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body() => await gate;

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        gate.SetException(new ArgumentException("unseen"));
        task.Cancel();
        trace(await Attempt(task));
        trace($"gate {Outcome(gate)}");
    }

    [Scenario]
    public static async Coroutine FutureCancelledByTheRequestRefusesAResult(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body() => await gate;

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace($"gate {Outcome(gate)}");
        trace(ErrorOf(() => gate.SetResult("1")));
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancellingTheAwaitedFutureCancelsTheTask(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body() => await gate;

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        gate.Cancel("through the future");
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellingTaskAndFutureInOneIteration(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body() => await gate;

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        trace($"future: {gate.Cancel("future")}");
        trace($"task: {task.Cancel("task")}");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellingTaskThenFutureInOneIteration(Trace trace)
    {
        var gate = Forever();

        async Coroutine Body() => await gate;

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        trace($"task: {task.Cancel("task")}");
        trace($"future: {gate.Cancel("future")}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledTaskThatCatchesAndReturnsHasAResult(Trace trace)
    {
        async Coroutine<string> Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                return "caught";
            }

            return "never";
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancelledTaskThatIgnoresItGoesOnToItsNextAwait(Trace trace)
    {
        Future<string>[] gates = [Forever(), Forever()];

        async Coroutine<string> Body()
        {
            try
            {
                await gates[0];
            }
            catch (CancelledException)
            {
                trace("ignored");
            }

            trace($"got {await gates[1]}");
            return "end";
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        await Spin(2);
        trace($"done {task.Done()} requests {task.Cancelling()}");
        gates[1].SetResult("the second");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancellationRaisedByTheBodyItself(Trace trace)
    {
        async Coroutine Body() => throw new CancelledException("own");

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancelledBetweenTwoSleeps(Trace trace)
    {
        async Coroutine Body()
        {
            trace("first sleep");
            await Aio.Sleep(0);
            trace("second sleep");
            await Aio.Sleep(0);
            trace("never");
        }

        var task = Aio.CreateTask(Body());
        await Spin(2);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledInsideSleepZero(Trace trace)
    {
        async Coroutine<string> Body()
        {
            try
            {
                await Aio.Sleep(0);
                trace("never");
            }
            catch (CancelledException error)
            {
                trace(Kind(error));
                await Aio.Sleep(0);
                return "went on";
            }

            return "never";
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("m");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ExceptionObjectOfACancelledTaskIsTheOneItEndedWith(Trace trace)
    {
        var seen = new List<CancelledException>();

        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                seen.Add(error);
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        try
        {
            await task;
        }
        catch (CancelledException error)
        {
            trace($"same {error == seen[0]}");
        }
    }

    [Scenario]
    public static async Coroutine CancelledBecomesTrueOnlyAtTheEnd(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace($"in the cleanup: cancelled {Aio.CurrentTask()!.IsCanceled}");
                await Aio.Sleep(0);
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace($"requested: cancelled {task.Cancelled()}");
        await Attempt(task);
        trace($"ended: cancelled {task.Cancelled()}");
    }
}
