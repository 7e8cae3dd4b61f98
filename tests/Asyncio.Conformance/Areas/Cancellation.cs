namespace Asyncio.Conformance;

/// <summary>Cancellation: where it is delivered, when, with which message, how requests are counted and taken back.</summary>
[Area("cancellation")]
internal static partial class Cancellation
{
    /// <summary>A future that nobody completes.</summary>
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    [Scenario]
    public static async Coroutine CancellingAPendingFuture(Trace trace)
    {
        var future = Forever();
        future.AddDoneCallback(_ => trace("callback"));
        trace($"cancel: {future.Cancel()}");
        trace(Outcome(future));
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine CancellingASleepingTask(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException error)
            {
                trace($"inside: {Kind(error)}");
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        trace($"cancel: {task.Cancel()}");
        trace($"done {task.Done()} cancelled {task.Cancelled()} requests {task.Cancelling()}");
        trace(await Attempt(task));
        trace($"done {task.Done()} cancelled {task.Cancelled()} requests {task.Cancelling()}");
        trace($"cancel: {task.Cancel()}");
    }

    [Scenario]
    public static async Coroutine CancelledWaitingTaskEndsOnTheNextIteration(Trace trace)
    {
        async Coroutine Body() => await Forever();

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        task.Cancel();
        trace($"done {task.Done()}");
        trace(await Attempt(task));
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancellingPassesDownAChainOfTasks(Trace trace)
    {
        async Coroutine Link(int depth)
        {
            try
            {
                if (depth == 0)
                {
                    await Forever();
                }

                await Aio.CreateTask(Link(depth - 1));
            }
            catch (CancelledException error)
            {
                trace($"link {depth}: {Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
                throw;
            }
        }

        var task = Aio.CreateTask(Link(3));
        await Spin(5);
        var ticks = Aio.CreateTask(Ticker(trace, 6));
        task.Cancel("stop");
        trace(await Attempt(task));
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancellingPassesOutOfAChainOfCoroutinesInOneStep(Trace trace)
    {
        async Coroutine Link(int depth)
        {
            try
            {
                if (depth == 0)
                {
                    await Forever();
                }

                await Link(depth - 1);
            }
            finally
            {
                trace($"finally {depth}");
            }
        }

        var task = Aio.CreateTask(Link(3));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        task.Cancel();
        trace(await Attempt(task));
        await ticks;
    }

    [Scenario]
    public static async Coroutine OuterCoroutineSwallowsWhatTheInnerSaw(Trace trace)
    {
        async Coroutine Inner()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace("inner sees it");
                throw;
            }
        }

        async Coroutine<string> Outer()
        {
            try
            {
                await Inner();
            }
            catch (CancelledException)
            {
                trace("outer swallows it");
            }

            return "went on";
        }

        var task = Aio.CreateTask(Outer());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine AwaitedTaskThatSwallowsResumesItsWaiterWithAValue(Trace trace)
    {
        async Coroutine<string> Inner()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace("inner swallows");
            }

            return "value";
        }

        async Coroutine<string> Outer()
        {
            var value = await Aio.CreateTask(Inner());
            trace($"outer got {value}, requests {Aio.CurrentTask()!.Cancelling()}");
            await Aio.Sleep(0);
            return "finished";
        }

        var task = Aio.CreateTask(Outer());
        await Spin(2);
        trace($"cancel: {task.Cancel()}");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine TaskThatCancelsItselfIsInterruptedAtItsNextAwait(Trace trace)
    {
        async Coroutine Body()
        {
            trace($"cancel: {Aio.CurrentTask()!.Cancel("self")}");
            trace("goes on until it suspends");
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException error)
            {
                trace(Kind(error));
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine SelfCancelIsDeliveredAtSleepZero(Trace trace)
    {
        async Coroutine Body()
        {
            Aio.CurrentTask()!.Cancel();
            try
            {
                await Aio.Sleep(0);
                trace("never");
            }
            catch (CancelledException)
            {
                trace("interrupted");
                throw;
            }
        }

        trace(await Attempt(Aio.CreateTask(Body())));
    }

    [Scenario]
    public static async Coroutine SelfCancelIsNotDeliveredWhereNothingSuspends(Trace trace)
    {
        async Coroutine<string> Nothing() => "nothing";

        async Coroutine Body()
        {
            var finished = Forever();
            finished.SetResult("finished");
            Aio.CurrentTask()!.Cancel();
            trace(await finished);
            trace(await Nothing());
            await Aio.Sleep(0);
            trace("never");
        }

        trace(await Attempt(Aio.CreateTask(Body())));
    }

    [Scenario]
    public static async Coroutine SelfCancelFollowedByReturnEndsCancelled(Trace trace)
    {
        async Coroutine<string> Body()
        {
            Aio.CurrentTask()!.Cancel("late");
            trace("returns");
            return "lost";
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine SelfCancelFollowedByAFailureFails(Trace trace)
    {
        async Coroutine Body()
        {
            Aio.CurrentTask()!.Cancel();
            throw new ArgumentException("wins");
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine SelfCancelReachesDownIntoAnAwaitedTask(Trace trace)
    {
        var futures = new List<Future<string>>();

        async Coroutine Nested()
        {
            futures.Add(Forever());
            try
            {
                await futures[0];
            }
            catch (CancelledException)
            {
                trace("nested sees it");
                throw;
            }
        }

        async Coroutine Body()
        {
            var task = Aio.CreateTask(Nested());
            await Aio.Sleep(0);
            Aio.CurrentTask()!.Cancel();
            try
            {
                await task;
            }
            catch (CancelledException)
            {
                trace($"outer sees it, nested {Outcome(task)}");
                throw;
            }
        }

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
        trace($"future {Outcome(futures[0])}");
    }

    [Scenario]
    public static async Coroutine SelfCancelThenAwaitingATaskThatHasNotStarted(Trace trace)
    {
        async Coroutine Nested() => trace("never");

        async Coroutine Body()
        {
            var task = Aio.CreateTask(Nested());
            Aio.CurrentTask()!.Cancel("m");
            try
            {
                await task;
            }
            finally
            {
                trace($"nested {Outcome(task)}");
            }
        }

        trace(await Attempt(Aio.CreateTask(Body())));
    }
}
