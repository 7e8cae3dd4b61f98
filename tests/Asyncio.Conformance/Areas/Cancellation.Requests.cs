namespace Asyncio.Conformance;

// Requests: how many, in which order, taken back or not.
internal static partial class Cancellation
{
    [Scenario]
    public static async Coroutine EveryRequestIsAcceptedUntilTheTaskEnds(Trace trace)
    {
        async Coroutine<int> Body()
        {
            var ignored = 0;
            while (ignored < 3)
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    ignored++;
                }
            }

            return ignored;
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        for (var turn = 0; turn < 3; turn++)
        {
            trace($"cancel: {task.Cancel()} requests {task.Cancelling()}");
            await Aio.Sleep(0);
        }

        trace($"cancel: {task.Cancel()}");
        trace(Outcome(task));
    }

    [Scenario]
    public static async Coroutine TwoRequestsBeforeDeliveryAreOneCancellation(Trace trace)
    {
        async Coroutine<string> Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"{Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
            }

            await Aio.Sleep(0);
            return "not interrupted again";
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        trace($"cancel: {task.Cancel("first")}");
        trace($"cancel: {task.Cancel("second")}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine TwoRequestsBeforeTheFirstStep(Trace trace)
    {
        async Coroutine Body() => trace("never");

        var task = Aio.CreateTask(Body());
        task.Cancel("first");
        task.Cancel("second");
        trace($"requests {task.Cancelling()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine RequestWhileTheCancellationIsBeingHandled(Trace trace)
    {
        var released = Forever();

        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"first: {Kind(error)}");
                try
                {
                    await released;
                }
                catch (CancelledException inner)
                {
                    trace($"second: {Kind(inner)}");
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("one");
        await Spin(2);
        task.Cancel("two");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine RequestsAreCounted(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                var task = Aio.CurrentTask()!;
                trace($"requests {task.Cancelling()}");
                trace($"uncancel {task.Uncancel()}");
                trace($"uncancel {task.Uncancel()}");
                trace($"uncancel {task.Uncancel()}");
                trace($"requests {task.Cancelling()}");
            }
        }

        var task = Aio.CreateTask(Body());
        trace($"requests {task.Cancelling()} uncancel {task.Uncancel()}");
        await Aio.Sleep(0);
        task.Cancel();
        task.Cancel();
        await task;
    }

    [Scenario]
    public static async Coroutine UncancelAfterCatchingLetsTheTaskGoOn(Trace trace)
    {
        async Coroutine Body()
        {
            var task = Aio.CurrentTask()!;
            foreach (var number in new[] { 1, 2 })
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException error)
                {
                    trace($"{number}: {Kind(error)} requests {task.Cancelling()}");
                    if (number == 2)
                    {
                        throw;
                    }

                    trace($"{number}: uncancel {task.Uncancel()}");
                }
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("a");
        await Spin(2);
        trace($"between: requests {task.Cancelling()} done {task.Done()}");
        task.Cancel("b");
        trace(await Attempt(task));
        trace($"after: requests {task.Cancelling()} uncancel {task.Uncancel()} cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine UncancelBeforeDeliveryRevokesTheRequest(Trace trace)
    {
        async Coroutine<string> Body()
        {
            trace("runs");
            await Aio.Sleep(0);
            return "normal end";
        }

        var task = Aio.CreateTask(Body());
        task.Cancel("revoked");
        trace($"uncancel {task.Uncancel()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine UncancelInsideTheStepRevokesTheRequest(Trace trace)
    {
        async Coroutine<string> Body()
        {
            var task = Aio.CurrentTask()!;
            task.Cancel();
            trace($"uncancel {task.Uncancel()}");
            await Aio.Sleep(0);
            return "not interrupted";
        }

        trace(await Attempt(Aio.CreateTask(Body())));
    }

    [Scenario]
    public static async Coroutine UncancelOfOneOfTwoRequestsDoesNotRevoke(Trace trace)
    {
        async Coroutine Body() => trace("never");

        var task = Aio.CreateTask(Body());
        task.Cancel("first");
        task.Cancel("second");
        trace($"uncancel {task.Uncancel()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine UncancelDoesNotRevokeWhatAFutureAlreadyCarries(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"{Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("sent");
        trace($"uncancel {task.Uncancel()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine StructuredBlockTakesItsOwnRequestBack(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine<string> Limited(double delay, Coroutine<string> work)
        {
            var task = Aio.CurrentTask()!;
            var baseline = task.Cancelling();
            var fired = new List<bool>();

            void Fire()
            {
                fired.Add(true);
                task.Cancel();
            }

            var handle = loop.CallLater(delay, Fire);
            try
            {
                return await work;
            }
            catch (CancelledException)
            {
                if (fired.Count > 0 && task.Uncancel() <= baseline)
                {
                    return "limited";
                }

                throw;
            }
            finally
            {
                handle.Cancel();
            }
        }

        async Coroutine Body()
        {
            trace(await Limited(0.01, Aio.Sleep(60, "never")));
            trace($"requests {Aio.CurrentTask()!.Cancelling()}");
            trace(await Limited(60, Aio.Sleep(0, "in time")));
            trace($"requests {Aio.CurrentTask()!.Cancelling()}");
        }

        await Aio.CreateTask(Body());
    }

    [Scenario]
    public static async Coroutine StructuredBlockLeavesAForeignRequestAlone(Trace trace)
    {
        async Coroutine Body()
        {
            var task = Aio.CurrentTask()!;
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace($"left after its own: {task.Uncancel()}");
                if (task.Cancelling() == 0)
                {
                    trace("never");
                    return;
                }

                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("block");
        task.Cancel("foreign");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }
}
