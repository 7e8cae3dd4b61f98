namespace Asyncio.Conformance;

/// <summary>as_completed: awaitables in the order of their completion, in both styles of iteration.</summary>
[Area("as_completed")]
internal static class AsCompleted
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

    /// <summary>What Python's plain iteration gives: awaitables for the next result, whichever future that is of.</summary>
    private static List<Coroutine<T>> Plain<T, TFuture>(AsCompletedEnumerable<TFuture> completed)
        where TFuture : Future<T>
    {
        async Coroutine<T> Result(Coroutine<TFuture> next) => (await next).Result();

        return [.. Enumerable.Range(0, completed.Remaining).Select(_ => Result(completed.NextAsync()))];
    }

    [Scenario]
    public static async Coroutine TasksComeInTheOrderOfTheirCompletion(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 6)), Start("b", Give(2, 1)), Start("c", Give(3, 3))];
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            trace($"{task.Name}: {await task}");
        }

        trace("end");
    }

    [Scenario]
    public static async Coroutine TasksComeOutAsTheyWentIn(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 2)), Start("b", Give(2))];
        var seen = new List<AsyncTask<int>>();
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            trace($"done {task.Done()}");
            seen.Add(task);
        }

        trace($"same {seen[0] == tasks[1]} {seen[1] == tasks[0]}");
    }

    [Scenario]
    public static async Coroutine FuturesComeOutAsTheyWentIn(Trace trace)
    {
        var first = Aio.GetRunningLoop().CreateFuture<int>();
        var second = Aio.GetRunningLoop().CreateFuture<int>();
        Aio.GetRunningLoop().CallSoon(() => second.SetResult(2));
        Aio.GetRunningLoop().CallSoon(() => first.SetResult(1));
        await foreach (var future in Aio.AsCompleted([first, second]))
        {
            trace($"first {future == first} second {future == second}: {await future}");
        }
    }

    [Scenario]
    public static async Coroutine CoroutineBecomesATask(Trace trace)
    {
        var coroutine = Give("value", 1);
        await foreach (var task in Aio.AsCompleted([coroutine]))
        {
            trace($"a task {(object)task is AsyncTask<string>}: {await task}");
        }
    }

    [Scenario]
    public static async Coroutine FailuresComeLikeResults(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Fail(new ArgumentException(), 2)), Start("b", Give(2)), Start("c", Fail(new KeyNotFoundException(), 5))];
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            trace($"{task.Name}: {await Attempt(task)}");
        }
    }

    [Scenario]
    public static async Coroutine NothingToComplete(Trace trace)
    {
        await foreach (var _ in Aio.AsCompleted(Array.Empty<AsyncTask>()))
        {
            trace("never");
        }

        trace("end");
    }

    [Scenario]
    public static async Coroutine DuplicatesComeOnce(Trace trace)
    {
        var task = Start("a", Give(1));
        var count = 0;
        await foreach (var _ in Aio.AsCompleted([task, task]))
        {
            count++;
        }

        trace($"came {count}");
    }

    [Scenario]
    public static async Coroutine WorkGoesOnWhileTheBodyIsBusy(Trace trace)
    {
        AsyncTask<int>[] tasks = [Start("a", Give(1, 4)), Start("b", Give(2)), Start("c", Give(3, 2))];
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            trace(task.Name);
            if (task.Name == "b")
            {
                await Spin(8);
                trace($"done {Names(tasks.Where(each => each.Done()))}");
            }
        }
    }

    [Scenario]
    public static async Coroutine IterationCanBeResumed(Trace trace)
    {
        var completed = Aio.AsCompleted([Start("a", Give(1, 3)), Start("b", Give(2)), Start("c", Give(3, 6))]);
        await foreach (var task in completed)
        {
            trace($"first loop {task.Name}");
            break;
        }

        await foreach (var task in completed)
        {
            trace($"second loop {task.Name}");
        }
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine TimeoutInTheIteration(Trace trace)
    {
        var gate = Forever();

        async Coroutine<string> Slow() => await gate;

        var pending = Start("slow", Slow());
        var quick = Start("quick", Give("1"));
        await quick;
        try
        {
            await foreach (var task in Aio.AsCompleted([pending, quick], timeout: 0.02))
            {
                trace(task.Name);
            }

            trace("never");
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace(Outcome(pending));
        gate.SetResult("later");
        trace(await Attempt(pending));
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine TimeoutStartsAtTheCall(Trace trace)
    {
        var gate = Forever();
        var completed = Aio.AsCompleted([gate], timeout: 0.02);
        await Aio.Sleep(0.05);
        try
        {
            await foreach (var _ in completed)
            {
                trace("never");
            }
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace(Outcome(gate));
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine FinishedBeforeTheTimeoutButFetchedAfter(Trace trace)
    {
        var gate = Forever();
        var task = Start("a", Give("1"));
        await task;
        var completed = Aio.AsCompleted([gate, task], timeout: 0.02);
        await Aio.Sleep(0.05);
        try
        {
            await foreach (var future in completed)
            {
                trace($"delivered {future == task}");
            }
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine UnusedTimeoutDoesNoHarm(Trace trace)
    {
        var finished = Start("a", Give(1));
        await finished;
        await foreach (var task in Aio.AsCompleted([finished], timeout: 0.02))
        {
            trace(task.Name);
        }

        await Aio.Sleep(0.04);
        trace("end");
    }

    [Scenario]
    public static async Coroutine CancelledConsumerLeavesTheTasksAlone(Trace trace)
    {
        var slow = Start("slow", Give("slow ends", 6));

        async Coroutine Consumer()
        {
            await foreach (var _ in Aio.AsCompleted([slow]))
            {
                trace("never");
            }
        }

        var task = Start("consumer", Consumer());
        await Spin(2);
        task.Cancel();
        trace(await Attempt(task));
        trace(await Attempt(slow));
    }

    [Scenario]
    public static async Coroutine PlainIterationGivesAwaitablesForTheNextResult(Trace trace)
    {
        AsyncTask<string>[] tasks = [Start("a", Give("slow", 6)), Start("b", Give("quick", 1))];
        var awaitables = Plain<string, AsyncTask<string>>(Aio.AsCompleted(tasks));
        trace($"count {awaitables.Count}");
        trace($"last one first: {await awaitables[1]}");
        trace($"first one last: {await awaitables[0]}");
    }

    [Scenario]
    public static async Coroutine PlainIterationAwaitedConcurrently(Trace trace)
    {
        AsyncTask<string>[] tasks = [Start("a", Give("a", 6)), Start("b", Give("b", 1)), Start("c", Give("c", 3))];

        async Coroutine Consumer(int name, Coroutine<string> awaitable) => trace($"{name}: {await awaitable}");

        var consumers = Plain<string, AsyncTask<string>>(Aio.AsCompleted(tasks))
            .Select((awaitable, number) => Aio.CreateTask(Consumer(number, awaitable))).ToList();
        foreach (var each in consumers)
        {
            await each;
        }
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine PlainIterationWithTimeout(Trace trace)
    {
        var quick = Start("quick", Give("quick"));
        await quick;
        Future<string>[] futures = [Forever(), Forever(), quick];
        var awaitables = Plain<string, Future<string>>(Aio.AsCompleted(futures, timeout: 0.02));
        foreach (var awaitable in awaitables)
        {
            trace(await Attempt(awaitable));
        }
    }
}
