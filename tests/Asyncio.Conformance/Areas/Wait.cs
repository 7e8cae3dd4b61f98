namespace Asyncio.Conformance;

/// <summary>wait: done and pending, the three modes, time limits, what it does not do to the tasks.</summary>
[Area("wait")]
internal static class Wait
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

    private static AsyncTask<T> Start<T>(string name, Coroutine<T> coroutine) => Aio.CreateTask(coroutine, name: name);

    private static AsyncTask Start(string name, Coroutine coroutine) => Aio.CreateTask(coroutine, name: name);

    [Scenario]
    public static async Coroutine AllCompletedIsTheDefault(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 2)), Start("b", Fail(new ArgumentException())), Start("c", Give(3, 1))];
        var (done, pending) = await Aio.Wait(tasks);
        trace($"done {Names(done)} pending {Names(pending)}");
        foreach (var task in tasks)
        {
            trace(Outcome(task));
        }
    }

    [Scenario]
    public static async Coroutine FailuresStayInTheTasks(Trace trace)
    {
        var task = Start("a", Fail(new KeyNotFoundException()));
        var (done, pending) = await Aio.Wait([task]);
        trace($"done {Names(done)} pending {Names(pending)}");
        trace(Kind(task.Exception()));
    }

    [Scenario]
    public static async Coroutine DuplicatesCollapse(Trace trace)
    {
        var task = Start("a", Give(1));
        var (done, pending) = await Aio.Wait([task, task, task]);
        trace($"done {done.Count} pending {pending.Count}");
        trace($"same {done.Single() == task}");
    }

    [Scenario]
    public static async Coroutine NothingToWaitForIsAnError(Trace trace) => trace(await Attempt(Aio.Wait<AsyncTask>([])));

    [Scenario]
    public static async Coroutine TasksMayBeMadeWhileTheyAreEnumerated(Trace trace)
    {
        IEnumerable<AsyncTask<string>> Make()
        {
            foreach (var name in new[] { "a", "b" })
            {
                trace($"makes {name}");
                yield return Start(name, Give(name));
            }
        }

        var (done, pending) = await Aio.Wait(Make());
        trace($"done {Names(done)} pending {Names(pending)}");
    }

    [Scenario]
    public static async Coroutine WaitAlwaysSuspendsForTwoIterations(Trace trace)
    {
        var task = Start("a", Give(1));
        await task;
        var ticks = Aio.CreateTask(Ticker(trace, 4));
        var (done, _) = await Aio.Wait([task]);
        trace($"done {Names(done)}");
        await ticks;
    }

    [Scenario]
    public static async Coroutine FirstCompletedSplitsTheTasks(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 5)), Start("b", Give(2, 1)), Start("c", Give(3, 5))];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstCompleted);
        trace($"done {Names(done)} pending {Names(pending)}");
        (done, pending) = await Aio.Wait(pending);
        trace($"done {Names(done)} pending {Names(pending)}");
    }

    [Scenario]
    public static async Coroutine FirstCompletedCountsAFailure(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 5)), Start("b", Fail(new ArgumentException(), 1))];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstCompleted);
        trace($"done {Names(done)} pending {Names(pending)}");
        trace(Outcome(tasks[1]));
        await Aio.Wait(pending);
    }

    [Scenario]
    public static async Coroutine WhatIsDoneWhenTheWaiterResumesCountsAsDone(Trace trace)
    {
        AsyncTask<int>[] tasks =
        [
            Start("a", Give(1, 1)), Start("b", Give(2, 1)), Start("c", Give(3, 2)), Start("d", Give(4, 3)), Start("e", Give(5, 4)),
        ];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstCompleted);
        trace($"done {Names(done)} pending {Names(pending)}");
        await Aio.Wait(pending);
    }

    [Scenario]
    public static async Coroutine FirstExceptionEndsTheWait(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1)), Start("b", Give(2, 9)), Start("c", Fail(new ArgumentException(), 3))];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstException);
        trace($"done {Names(done)} pending {Names(pending)}");
        trace(Outcome(tasks[2]));
        await Aio.Wait(pending);
    }

    [Scenario]
    public static async Coroutine FirstExceptionWithATaskThatFailedBeforehand(Trace trace)
    {
        var failed = Start("failed", Fail(new ArgumentException()));
        await Aio.Wait([failed]);
        var slow = Start("slow", Give(1, 9));
        var (done, pending) = await Aio.Wait([slow, failed], returnWhen: ReturnWhen.FirstException);
        trace($"done {Names(done)} pending {Names(pending)}");
        trace(Outcome(failed));
        await slow;
    }

    [Scenario]
    public static async Coroutine FirstExceptionWithoutAnyWaitsForAll(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1)), Start("b", Give(2, 3))];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstException);
        trace($"done {Names(done)} pending {Names(pending)}");
    }

    [Scenario]
    public static async Coroutine FirstExceptionIgnoresACancelledTask(Trace trace)
    {
        async Coroutine<int> Hang()
        {
            await Forever();
            return 0;
        }

        var victim = Start("victim", Hang());
        var slow = Start("slow", Give(1, 5));
        Aio.GetRunningLoop().CallSoon(() => victim.Cancel());
        var (done, pending) = await Aio.Wait([victim, slow], returnWhen: ReturnWhen.FirstException);
        trace($"done {Names(done)} pending {Names(pending)}");
        trace($"{Outcome(victim)}, {Outcome(slow)}");
    }

    [Scenario]
    public static async Coroutine TimeoutGivesWhatIsDone(Trace trace)
    {
        var gate = Forever();

        async Coroutine<string> Slow()
        {
            await gate;
            return "finished later";
        }

        AsyncTask<string>[] tasks = [Start("slow", Slow()), Start("quick", Give("1"))];
        var (done, pending) = await Aio.Wait(tasks, timeout: 0.02);
        trace($"done {Names(done)} pending {Names(pending)}");
        gate.SetResult("");
        trace(await Attempt(tasks[0]));
    }

    [Scenario]
    public static async Coroutine TimeoutOfZeroLooksOnce(Trace trace)
    {
        var finished = Start("finished", Give(1));
        await finished;
        var hanging = Start("hanging", Give(2, 9));
        var (done, pending) = await Aio.Wait([finished, hanging], timeout: 0);
        trace($"done {Names(done)} pending {Names(pending)}");
        await hanging;
    }

    [Scenario]
    public static async Coroutine TaskDueBeforeTheTimeoutOfTheSameIterationCountsAsDone(Trace trace)
    {
        async Coroutine Sleeper() => await Aio.Sleep(0.01);

        AsyncTask[] tasks = [Start("sleeper", Sleeper())];
        await Aio.Sleep(0);
        Aio.GetRunningLoop().CallSoon(() => Thread.Sleep(50));
        var (done, pending) = await Aio.Wait(tasks, timeout: 0.03);
        trace($"done {Names(done)} pending {Names(pending)}");
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine TaskDueAfterTheTimeoutOfTheSameIterationIsStillPending(Trace trace)
    {
        async Coroutine Sleeper() => await Aio.Sleep(0.03);

        var task = Start("sleeper", Sleeper());
        await Aio.Sleep(0);
        Aio.GetRunningLoop().CallSoon(() => Work(0.05));
        var (done, pending) = await Aio.Wait([task], timeout: 0.01);
        trace($"done {Names(done)} pending {Names(pending)}");
        await task;
    }

    [Scenario]
    public static async Coroutine CancelledWaiterLeavesTheTasksAlone(Trace trace)
    {
        AsyncTask<string>[] tasks = [Start("a", Give("a ends", 5)), Start("b", Give("b ends", 6))];

        async Coroutine Waiter()
        {
            try
            {
                await Aio.Wait(tasks);
            }
            catch (CancelledException error)
            {
                trace($"waiter: {Kind(error)}");
                throw;
            }
        }

        var task = Start("waiter", Waiter());
        await Spin(2);
        task.Cancel("m");
        trace(await Attempt(task));
        trace($"{Outcome(tasks[0])}, {Outcome(tasks[1])}");
        foreach (var each in tasks)
        {
            trace(await Attempt(each));
        }
    }

    [Scenario]
    public static async Coroutine IterationsThatAWaitTakes(Trace trace)
    {
        var ticks = Aio.CreateTask(Ticker(trace, 5));

        async Coroutine Body()
        {
            await Aio.Sleep(0);
            trace("task ends");
        }

        await Aio.Wait([Start("a", Body())]);
        trace("waited");
        await ticks;
    }

    [Scenario]
    public static async Coroutine LoopOfWaitsHandlesTasksAsTheyCome(Trace trace)
    {
        IReadOnlySet<AsyncTask<string>> pending =
            new[] { ("a", 9), ("b", 1), ("c", 5) }.Select(each => Start(each.Item1, Give(each.Item1, each.Item2))).ToHashSet();
        while (pending.Count > 0)
        {
            (var done, pending) = await Aio.Wait(pending, returnWhen: ReturnWhen.FirstCompleted);
            trace($"done {Names(done)} pending {Names(pending)}");
        }
    }
}
