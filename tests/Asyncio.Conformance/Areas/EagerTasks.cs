namespace Asyncio.Conformance;

/// <summary>Eager tasks: the first step inside <c>CreateTask</c>.</summary>
[Area("eager_tasks")]
internal static partial class EagerTasks
{
    private static void Eager() => Aio.GetRunningLoop().SetTaskFactory(Aio.EagerTaskFactory);

    [Scenario]
    public static async Coroutine FirstStepRunsInsideCreateTask(Trace trace)
    {
        Eager();

        async Coroutine<string> Body()
        {
            trace("first step");
            await Aio.Sleep(0);
            trace("second step");
            return "r";
        }

        var task = Aio.CreateTask(Body());
        trace($"created, done {task.Done()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine TaskThatDoesNotSuspendIsDoneAtOnce(Trace trace)
    {
        Eager();

        async Coroutine<string> Body() => "r";

        var task = Aio.CreateTask(Body());
        trace($"done {task.Done()}: {Outcome(task)}");
    }

    [Scenario]
    public static async Coroutine AwaitingATaskThatIsDoneAtOnceDoesNotSuspend(Trace trace)
    {
        Eager();

        async Coroutine<string> Body() => "r";

        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"awaited {await Aio.CreateTask(Body())}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine FailureInTheFirstStepStaysInTheTask(Trace trace)
    {
        Eager();

        async Coroutine Body() => throw new DivideByZeroException();

        var task = Aio.CreateTask(Body());
        trace($"created, done {task.Done()}");
        trace(await Attempt(task));
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailureInTheFirstStepThatNobodyRetrieves(Trace trace)
    {
        Eager();

        async Coroutine Body() => throw new DivideByZeroException();

        void Abandon() => Aio.CreateTask(Body());

        Abandon();
        await CollectGarbage();
        trace("end");
    }

    [Scenario]
    public static async Coroutine CancelledAfterItWasDoneAtOnce(Trace trace)
    {
        Eager();

        async Coroutine<string> Body() => "r";

        var task = Aio.CreateTask(Body());
        trace($"cancel {task.Cancel("m")}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledAfterItsFirstStep(Trace trace)
    {
        Eager();

        async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                trace("interrupted");
            }
        }

        var task = Aio.CreateTask(Body());
        trace($"cancel {task.Cancel("m")}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelsItselfInItsFirstStep(Trace trace)
    {
        Eager();

        async Coroutine Body()
        {
            Aio.CurrentTask()!.Cancel("self");
            await Aio.Sleep(0);
            trace("never");
        }

        var task = Aio.CreateTask(Body());
        trace($"created, done {task.Done()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelsItselfAndReturnsInItsFirstStep(Trace trace)
    {
        Eager();

        async Coroutine<string> Body()
        {
            Aio.CurrentTask()!.Cancel("self");
            return "lost";
        }

        var task = Aio.CreateTask(Body());
        trace($"created, done {task.Done()} cancelled {task.Cancelled()}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CurrentTaskSwitchesAndReturns(Trace trace)
    {
        Eager();
        var main = Aio.CurrentTask();

        async Coroutine<IAsyncTask?> Body()
        {
            trace($"inside: main {Aio.CurrentTask() == main}");
            await Aio.Sleep(0);
            trace($"later: main {Aio.CurrentTask() == main}");
            return Aio.CurrentTask();
        }

        var task = Aio.CreateTask(Body());
        trace($"after: main {Aio.CurrentTask() == main}");
        trace($"same {await task == task}");
    }

    [Scenario]
    public static async Coroutine VisibleAmongAllTasksDuringItsFirstStep(Trace trace)
    {
        Eager();
        var counts = new List<int>();

        async Coroutine Body() => counts.Add(Aio.AllTasks().Count);

        var task = Aio.CreateTask(Body());
        counts.Add(Aio.AllTasks().Count);
        trace($"during {counts[0]} after {counts[1]} done {task.Done()}");
    }

    [Scenario]
    public static async Coroutine FirstStepHasAContextOfItsOwn(Trace trace)
    {
        Eager();
        var variable = new AsyncLocal<string> { Value = "creator" };

        async Coroutine Body()
        {
            trace($"task sees {variable.Value}");
            variable.Value = "task";
            await Aio.Sleep(0);
            trace($"task sees {variable.Value}");
        }

        var task = Aio.CreateTask(Body());
        trace($"creator sees {variable.Value}");
        await task;
    }

    [Scenario]
    public static async Coroutine FirstStepInAGivenContext(Trace trace)
    {
        Eager();
        var variable = new AsyncLocal<string>();
        var context = Context.CopyCurrent();

        async Coroutine Body() => variable.Value = "task";

        _ = Aio.CreateTask(Body(), context: context);
        trace($"context {context.Run(() => variable.Value)} creator {variable.Value ?? "default"}");
    }

    [Scenario]
    public static async Coroutine CoroutineOfATaskThatWasDoneAtOnce(Trace trace)
    {
        Eager();

        async Coroutine Quick()
        {
        }

        async Coroutine Slow() => await Aio.Sleep(0);

        trace($"none {Aio.CreateTask(Quick()).GetCoroutine() == default}");
        var task = Aio.CreateTask(Slow());
        trace($"none {task.GetCoroutine() == default}");
        await task;
    }

    [Scenario]
    public static async Coroutine DoneCallbackOfATaskThatWasDoneAtOnceIsQueued(Trace trace)
    {
        Eager();

        async Coroutine<string> Body() => "r";

        var task = Aio.CreateTask(Body());
        task.AddDoneCallback(done => trace($"callback {Outcome(done)}"));
        trace("registered");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine NestedCreationGoesDepthFirst(Trace trace)
    {
        Eager();

        async Coroutine Node(string name, int depth)
        {
            trace($"{name} starts");
            if (depth > 0)
            {
                foreach (var child in new[] { "l", "r" })
                {
                    _ = Aio.CreateTask(Node(name + child, depth - 1));
                }
            }

            trace($"{name} ends");
        }

        await Aio.CreateTask(Node("n", 2));
    }

    [Scenario]
    public static async Coroutine EagerStepMayWakeOthersButNotRunThem(Trace trace)
    {
        Eager();
        var future = Aio.GetRunningLoop().CreateFuture<string>();

        async Coroutine Waiter() => trace($"waiter got {await future}");

        async Coroutine Waker()
        {
            trace("waker");
            future.SetResult("x");
        }

        var waiting = Aio.CreateTask(Waiter());
        _ = Aio.CreateTask(Waker());
        trace("creator");
        await waiting;
    }
}
