namespace Asyncio.Conformance;

// Cancelling the gathering and the task that awaits it; gatherings in gatherings.
internal static partial class Gather
{
    [Scenario]
    public static async Coroutine CancellingTheGatheringCancelsTheChildren(Trace trace)
    {
        async Coroutine Work(string name)
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"{name}: {Kind(error)}");
                throw;
            }
        }

        var gathering = Aio.GatherAll([Work("a"), Work("b")]);
        await Aio.Sleep(0);
        trace($"cancel: {gathering.Cancel("all")}");
        trace($"done {gathering.Done()}");
        trace(await Attempt(gathering));
        trace($"cancelled {gathering.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine CancellingTheGatheringEndsItWithTheFirstCancelledChild(Trace trace)
    {
        async Coroutine Quick()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace("quick ends");
            }
        }

        async Coroutine Slow()
        {
            try
            {
                await Forever();
            }
            finally
            {
                await Spin(3);
                trace("slow ends");
            }
        }

        var gathering = Aio.GatherAll([Slow(), Quick()]);
        await Aio.Sleep(0);
        gathering.Cancel();
        trace(await Attempt(gathering));
        trace("gathering ended");
        await Spin(4);
    }

    [Scenario]
    public static async Coroutine CancellingAGatheringOfOutcomesWaitsForAll(Trace trace)
    {
        async Coroutine Quick()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace("quick ends");
            }
        }

        async Coroutine Slow()
        {
            try
            {
                await Forever();
            }
            finally
            {
                await Spin(3);
                trace("slow ends");
            }
        }

        var gathering = Aio.GatherOutcomes([Slow(), Quick()]);
        await Aio.Sleep(0);
        trace($"cancel: {gathering.Cancel("why")}");
        trace(await Attempt(gathering));
        trace($"cancelled {gathering.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine CancellingAGatheringWhoseChildrenAreDoneIsRefused(Trace trace)
    {
        var children = Enumerable.Range(0, 2).Select(number => Aio.CreateTask(Give(number))).ToList();
        var gathering = Aio.GatherAll(children);
        await Aio.Sleep(0);
        trace($"children done {Show(children.Select(child => child.Done()))} gathering done {gathering.Done()}");
        trace($"cancel: {gathering.Cancel()}");
        trace("results " + Show(await gathering));
        trace($"cancel: {gathering.Cancel()}");
    }

    [Scenario]
    public static async Coroutine CancellingAGatheringWithSomeChildrenDone(Trace trace)
    {
        var quick = Aio.CreateTask(Give("quick"));
        var slow = Aio.CreateTask(Give("slow", 9));
        var gathering = Aio.Gather(quick, slow);
        await Spin(2);
        trace($"quick {Outcome(quick)}");
        trace($"cancel: {gathering.Cancel()}");
        trace(await Attempt(gathering));
        trace($"quick {Outcome(quick)} slow {Outcome(slow)}");
    }

    [Scenario]
    public static async Coroutine CancellingTheGatheringTaskCancelsAllChildren(Trace trace)
    {
        async Coroutine Work(string name)
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"{name}: {Kind(error)}");
                throw;
            }
        }

        async Coroutine Gatherer()
        {
            try
            {
                await Aio.GatherAll([Work("a"), Work("b")]);
            }
            finally
            {
                trace("gatherer ends");
            }
        }

        var task = Aio.CreateTask(Gatherer());
        await Spin(2);
        var ticks = Aio.CreateTask(Ticker(trace, 4));
        task.Cancel("m");
        trace(await Attempt(task));
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancellingTheGatheringTaskAfterTheChildrenAreDone(Trace trace)
    {
        var children = Enumerable.Range(0, 2).Select(number => Aio.CreateTask(Give(number, 1))).ToList();

        async Coroutine Gatherer()
        {
            try
            {
                trace($"never {Show(await Aio.GatherAll(children))}");
            }
            catch (CancelledException error)
            {
                trace(Kind(error));
                throw;
            }
        }

        var task = Aio.CreateTask(Gatherer());
        await Spin(2);
        trace($"children done {Show(children.Select(child => child.Done()))} gatherer done {task.Done()}");
        trace($"cancel: {task.Cancel("late")}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine ChildThatSwallowsTheCancellation(Trace trace)
    {
        async Coroutine<string> Stubborn(string name)
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace($"{name} swallows");
            }

            return name;
        }

        var gathering = Aio.Gather(Stubborn("a"), Stubborn("b"));
        await Aio.Sleep(0);
        gathering.Cancel("m");
        trace(await Attempt(gathering));
    }

    [Scenario]
    public static async Coroutine ChildThatFailsWhenCancelled(Trace trace)
    {
        async Coroutine Failing()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                throw new ArgumentException("in the cleanup");
            }
        }

        async Coroutine Polite()
        {
            try
            {
                await Forever();
            }
            finally
            {
                await Spin(2);
                trace("polite ends");
            }
        }

        var gathering = Aio.GatherAll([Polite(), Failing()]);
        await Aio.Sleep(0);
        gathering.Cancel();
        trace(await Attempt(gathering));
        await Spin(3);
    }

    [Scenario]
    public static async Coroutine NestedGatherings(Trace trace)
    {
        var result = await Aio.Gather(Aio.Gather(Give(1, 1), Give(2)), Give(3), Aio.GatherAll<int>());
        trace("results " + Show(result));
    }

    [Scenario]
    public static async Coroutine CancellingThroughNestedGatherings(Trace trace)
    {
        async Coroutine Work(string name)
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace($"{name} ends");
            }
        }

        var inner = Aio.GatherAll([Work("a"), Work("b")]);
        var outer = Aio.Gather(inner, Work("c"));
        await Aio.Sleep(0);
        outer.Cancel();
        trace(await Attempt(outer));
        trace($"inner done {inner.Done()} cancelled {inner.Cancelled()}");
    }
}
