namespace Asyncio.Conformance;

/// <summary>The execution model: FIFO, iteration boundaries, coroutines that do not yield, the order in which tasks start.</summary>
[Area("execution")]
internal static partial class Execution
{
    [Scenario]
    public static async Coroutine CallSoonIsFifo(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        foreach (var name in new[] { "a", "b", "c" })
        {
            loop.CallSoon(() => trace(name));
        }

        trace("scheduled");
        await Aio.Sleep(0);
        trace("resumed");
    }

    [Scenario]
    public static async Coroutine CallbackScheduledByACallbackWaitsForTheNextIteration(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void First()
        {
            trace("first");
            loop.CallSoon(() => trace("from first"));
        }

        void Second()
        {
            trace("second");
            loop.CallSoon(() => trace("from second"));
        }

        loop.CallSoon(First);
        loop.CallSoon(Second);
        loop.CallSoon(() => trace("third"));
        await Aio.Sleep(0);
        trace("main, iteration 1");
        await Aio.Sleep(0);
        trace("main, iteration 2");
    }

    [Scenario]
    public static async Coroutine CancelledHandleIsSkipped(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.CallSoon(() => trace("a"));
        var handle = loop.CallSoon(() => trace("never"));
        loop.CallSoon(() => trace("b"));
        trace($"cancelled before: {handle.Cancelled()}");
        handle.Cancel();
        handle.Cancel();
        trace($"cancelled after: {handle.Cancelled()}");
        await Aio.Sleep(0);
        trace("done");
    }

    [Scenario]
    public static async Coroutine HandleCancelledByAnEarlierCallbackOfTheSameIteration(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var handles = new List<Handle>();

        void Canceller()
        {
            trace("canceller");
            handles[0].Cancel();
        }

        loop.CallSoon(Canceller);
        handles.Add(loop.CallSoon(() => trace("never")));
        loop.CallSoon(() => trace("later"));
        await Aio.Sleep(0);
        trace("done");
    }

    [Scenario]
    public static async Coroutine ThreadsafeCallbacksShareTheQueue(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.CallSoon(() => trace("a"));
        loop.CallSoonThreadsafe(() => trace("b"));
        loop.CallSoon(() => trace("c"));
        loop.CallSoonThreadsafe(() => trace("d"));
        await Aio.Sleep(0);
        trace("resumed");
    }

    [Scenario]
    public static async Coroutine CoroutineFunctionRunsNothingWhenCalled(Trace trace)
    {
        async Coroutine<int> Body()
        {
            trace("body");
            return 7;
        }

        var coroutine = Body();
        trace("called");
        trace($"result {await coroutine}");
    }

    [Scenario]
    public static async Coroutine CoroutineClosedBeforeItStartedNeverRuns(Trace trace)
    {
        async Coroutine Body() => trace("never");

        var coroutine = Body();
        coroutine.Close();
        trace("closed");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine AwaitingACoroutineDoesNotYield(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine<string> Inner()
        {
            trace("inner");
            return "value";
        }

        loop.CallSoon(() => trace("callback"));
        trace($"got {await Inner()}");
        trace("still the same step");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine ExceptionThroughNestedCoroutinesDoesNotYield(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine Fail(int depth)
        {
            try
            {
                if (depth == 0)
                {
                    throw new ArgumentException("bottom");
                }

                await Fail(depth - 1);
            }
            finally
            {
                trace($"finally {depth}");
            }
        }

        loop.CallSoon(() => trace("callback"));
        try
        {
            await Fail(3);
        }
        catch (ArgumentException error)
        {
            trace(Kind(error));
        }

        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine SuspensionDeepInsideResumesInsideOut(Trace trace)
    {
        async Coroutine Descend(int depth)
        {
            if (depth == 0)
            {
                trace("leaf suspends");
                await Aio.Sleep(0);
                trace("leaf resumed");
            }
            else
            {
                await Descend(depth - 1);
            }

            trace($"leaves {depth}");
        }

        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await Descend(4);
    }

    [Scenario]
    public static async Coroutine AwaitingAFinishedFutureDoesNotYield(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<int>();
        future.SetResult(3);
        loop.CallSoon(() => trace("callback"));
        trace($"result {await future}");
        trace($"again {await future}");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine AwaitingAFinishedTaskDoesNotYield(Trace trace)
    {
        async Coroutine<int> Body()
        {
            trace("body");
            return 5;
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"result {await task}");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine TasksStartInTheOrderOfTheirCreation(Trace trace)
    {
        async Coroutine<string> Body(string name)
        {
            trace($"{name} starts");
            return name;
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Body(name))).ToList();
        trace("created");
        trace($"done: {tasks[0].Done()}");
        await Aio.Sleep(0);
        trace($"done: {Show(tasks.Select(task => task.Done()))}");
    }

    [Scenario]
    public static async Coroutine TasksAndCallbacksShareOneQueue(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async Coroutine Body(string name) => trace(name);

        var first = Aio.CreateTask(Body("task 1"));
        loop.CallSoon(() => trace("callback 1"));
        var second = Aio.CreateTask(Body("task 2"));
        loop.CallSoon(() => trace("callback 2"));
        await Aio.Sleep(0);
        trace($"done: {first.Done()} {second.Done()}");
    }

    [Scenario]
    public static async Coroutine TasksCreatedByTasksStartBreadthFirst(Trace trace)
    {
        var tasks = new List<AsyncTask>();

        async Coroutine Node(string name, int depth)
        {
            trace(name);
            if (depth > 0)
            {
                foreach (var child in new[] { "l", "r" })
                {
                    tasks.Add(Aio.CreateTask(Node(name + child, depth - 1)));
                }
            }
        }

        tasks.Add(Aio.CreateTask(Node("n", 2)));
        await Ticker(trace, 4);
        trace($"tasks: {tasks.Count}");
    }

    [Scenario]
    public static async Coroutine SleepZeroInterleavesTwoTasks(Trace trace)
    {
        async Coroutine Body(string name)
        {
            for (var number = 0; number < 3; number++)
            {
                trace($"{name}{number}");
                await Aio.Sleep(0);
            }

            trace($"{name} ends");
        }

        var first = Aio.CreateTask(Body("a"));
        var second = Aio.CreateTask(Body("b"));
        await first;
        trace("first awaited");
        await second;
        trace("second awaited");
    }
}
