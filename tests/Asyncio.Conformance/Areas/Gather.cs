namespace Asyncio.Conformance;

/// <summary>gather: order of results, first failure, outcomes as values.</summary>
[Area("gather")]
internal static partial class Gather
{
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    private static async Coroutine<T> Give<T>(T value, int turns = 0)
    {
        await Spin(turns);
        return value;
    }

    private static async Coroutine<int> Fail(Exception error, int turns = 0)
    {
        await Spin(turns);
        throw error;
    }

    /// <summary>Outcomes as Python has them: a list of values and exceptions.</summary>
    private static string Show<T>(TaskOutcome<T>[] outcomes) =>
        Neutral.Show(outcomes.Select(outcome => outcome.IsSuccess ? (object?)outcome.Value : outcome.Error));

    private static string Show(object? value) => Neutral.Show(value);

    [Scenario]
    public static async Coroutine ResultsComeInTheOrderOfTheArguments(Trace trace)
    {
        async Coroutine<string> Work(string name, int turns)
        {
            await Spin(turns);
            trace($"{name} ends");
            return name;
        }

        trace("results " + Show(await Aio.Gather(Work("a", 3), Work("b", 1), Work("c", 2))));
    }

    [Scenario]
    public static async Coroutine ChildrenStartInTheOrderOfTheArguments(Trace trace)
    {
        async Coroutine<string> Work(string name)
        {
            trace(name);
            return name;
        }

        var gathering = Aio.Gather(Work("a"), Work("b"), Work("c"));
        trace("gathered");
        trace("results " + Show(await gathering));
    }

    [Scenario]
    public static async Coroutine GatherOfNothing(Trace trace)
    {
        var gathering = Aio.GatherAll<int>();
        trace($"done {gathering.Done()}");
        trace("results " + Show(await gathering));
    }

    [Scenario]
    public static async Coroutine GatherTakesOneIterationMoreThanItsSlowestChild(Trace trace)
    {
        var ticks = Aio.CreateTask(Ticker(trace, 6));

        async Coroutine Work(string name, int turns)
        {
            await Spin(turns);
            trace($"{name} ends");
        }

        await Aio.GatherAll([Work("a", 0), Work("b", 2)]);
        trace("gathered");
        await ticks;
    }

    [Scenario]
    public static async Coroutine MixtureOfCoroutinesTasksAndFutures(Trace trace)
    {
        var future = Forever();
        var task = Aio.CreateTask(Give("task", 1));
        Aio.GetRunningLoop().CallSoon(() => future.SetResult("future"));
        trace("results " + Show(await Aio.Gather(Give("coroutine"), task, future)));
        trace($"task done {task.Done()}");
    }

    [Scenario]
    public static async Coroutine SameAwaitableTwiceRunsOnce(Trace trace)
    {
        async Coroutine<string> Work()
        {
            trace("runs");
            return "r";
        }

        var coroutine = Work();
        trace("results " + Show(await Aio.Gather(coroutine, Give("between"), coroutine)));
        var task = Aio.CreateTask(Work());
        trace("results " + Show(await Aio.Gather(task, task)));
    }

    [Scenario]
    public static async Coroutine FuturesOfTwoLoopsAreAnError(Trace trace)
    {
        var other = Aio.NewEventLoop();
        var mine = Forever();
        var foreign = other.CreateFuture<string>();
        trace(ErrorOf(() => Aio.Gather(mine, foreign)));
        other.Close();
    }

    [Scenario]
    public static async Coroutine ChildrenDoneBeforehandCompleteTheGatheringAtOnce(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();
        future.SetResult(1);
        var task = Aio.CreateTask(Give(2));
        await task;
        var gathering = Aio.Gather(future, task);
        trace($"done {gathering.Done()}");
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        trace("results " + Show(await gathering));
        await ticks;
    }

    [Scenario]
    public static async Coroutine FirstFailureEndsTheGathering(Trace trace)
    {
        async Coroutine<string> Work(string name, int turns)
        {
            await Spin(turns);
            trace($"{name} ends");
            return name;
        }

        var gathering = Aio.Gather(Work("a", 3), Fail(new ArgumentException("v"), 1), Work("b", 4));
        trace(await Attempt(gathering));
        trace("caught");
        await Spin(4);
        trace("end");
    }

    [Scenario(Handler = true)]
    public static async Coroutine LaterFailuresAreConsideredRetrieved(Trace trace)
    {
        async Coroutine Use()
        {
            var gathering = Aio.Gather(
                Fail(new ArgumentException("first")), Fail(new KeyNotFoundException("second"), 1), Fail(new KeyNotFoundException("third"), 2));
            trace(await Attempt(gathering));
        }

        await Use();
        await Spin(4);
        await CollectGarbage();
        trace("end");
    }

    [Scenario]
    public static async Coroutine OfTwoFailuresInOneIterationTheEarlierCounts(Trace trace)
    {
        trace(await Attempt(Aio.Gather(Fail(new ArgumentException()), Fail(new KeyNotFoundException()))));
        trace(await Attempt(Aio.Gather(Fail(new ArgumentException(), 1), Fail(new KeyNotFoundException()))));
    }

    [Scenario]
    public static async Coroutine CancelledChildIsAFailureOfTheGathering(Trace trace)
    {
        var victim = Aio.CreateTask(Give("never", 9));
        var sibling = Aio.CreateTask(Give("sibling", 3));
        var gathering = Aio.Gather(victim, sibling);
        await Aio.Sleep(0);
        victim.Cancel("child");
        await Spin(2);
        trace($"done {gathering.Done()} cancelled {gathering.Cancelled()}");
        trace($"exception {Kind(gathering.Exception())}");
        trace(await Attempt(sibling));
    }

    [Scenario]
    public static async Coroutine TaskThatAwaitsAGatheringWithACancelledChildIsCancelled(Trace trace)
    {
        var victim = Aio.CreateTask(Give("never", 9));

        async Coroutine Waiter() => await Aio.GatherAll([victim]);

        var task = Aio.CreateTask(Waiter());
        await Spin(2);
        victim.Cancel();
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine OutcomesAsValues(Trace trace)
    {
        var outcomes = await Aio.GatherOutcomes(
            [Give(1, 2), Fail(new ArgumentException(), 1), Give(3), Fail(new KeyNotFoundException())]);
        trace("results " + Show(outcomes));
    }

    [Scenario]
    public static async Coroutine OutcomesContainCancellations(Trace trace)
    {
        var victim = Aio.CreateTask(Give("never", 9));
        var gathering = Aio.GatherOutcomes<string>(victim, Give("ok", 2));
        await Aio.Sleep(0);
        victim.Cancel();
        trace("results " + Show(await gathering));
    }

    [Scenario]
    public static async Coroutine MessageOfACancelledChildIsLostAmongTheOutcomes(Trace trace)
    {
        var victim = Aio.CreateTask(Give("never", 9));
        var gathering = Aio.GatherOutcomes<string>(victim);
        await Aio.Sleep(0);
        victim.Cancel("why");
        trace("results " + Show(await gathering));
    }
}
