namespace Asyncio.Conformance;

/// <summary>Tasks: results, names, registry, current task, callbacks, reports about what nobody retrieved.</summary>
[Area("tasks")]
internal static partial class Tasks
{
    [Scenario]
    public static async Coroutine ResultOfATask(Trace trace)
    {
        async Coroutine<int> Body() => 42;

        var task = Aio.CreateTask(Body());
        trace(Outcome(task));
        trace($"awaited {await task}");
        trace(Outcome(task));
        trace($"exception {Show(task.Exception())}");
        trace($"cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine FailureOfATask(Trace trace)
    {
        async Coroutine<int> Body() => throw new DivideByZeroException();

        var task = Aio.CreateTask(Body());
        trace(await Attempt(task));
        trace($"result: {ErrorOf(task.Result)}");
        trace($"exception: {Kind(task.Exception())}");
        trace($"done {task.Done()} cancelled {task.Cancelled()}");
    }

    [Scenario]
    public static async Coroutine FailedTaskRaisesTheSameExceptionAtEachAwait(Trace trace)
    {
        var original = new ArgumentException("v");

        async Coroutine Body() => throw original;

        var task = Aio.CreateTask(Body());
        for (var number = 0; number < 3; number++)
        {
            try
            {
                await task;
            }
            catch (ArgumentException error)
            {
                trace($"await {number}: same {error == original}");
            }
        }

        trace($"exception(): same {task.Exception() == original}");
    }

    [Scenario]
    public static async Coroutine SeveralWaitersOfOneTaskResumeInOrder(Trace trace)
    {
        var gate = Aio.GetRunningLoop().CreateFuture<string>();

        async Coroutine<string> Body() => await gate;

        var task = Aio.CreateTask(Body());

        async Coroutine Waiter(string name) => trace($"{name} got {await task}");

        var waiters = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        gate.SetResult("it");
        await waiters[2];
        trace($"done {Show(waiters.Select(each => each.Done()))}");
    }

    [Scenario]
    public static async Coroutine TaskCreatedByEnsureFuture(Trace trace)
    {
        async Coroutine<string> Body() => "made";

        var task = Aio.EnsureFuture(Body());
        trace($"same task: {Aio.EnsureFuture(task) == task}");
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        trace($"same future: {Aio.EnsureFuture(future) == future}");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine EnsureFutureWithAnotherLoopIsAnError(Trace trace)
    {
        var other = Aio.NewEventLoop();
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();
        trace(ErrorOf(() => Aio.EnsureFuture(future, other)));
        trace(ErrorOf(() => Aio.EnsureFuture(future, Aio.GetRunningLoop())));
        other.Close();
    }

    [Scenario]
    public static async Coroutine CoroutineThatReturnsAFutureGivesTheFuture(Trace trace)
    {
        var future = Aio.GetRunningLoop().CreateFuture<Unit>();

        async Coroutine<Future<Unit>> Body() => future;

        var got = await Aio.CreateTask(Body());
        trace($"same: {got == future} done: {got.Done()}");
    }

    [Scenario]
    public static async Coroutine DefaultNamesCountUpwards(Trace trace)
    {
        async Coroutine Body()
        {
        }

        var tasks = Enumerable.Range(0, 3).Select(_ => Aio.CreateTask(Body())).ToList();
        var numbers = tasks.Select(task => int.Parse(task.Name["Task-".Length..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        trace($"differences: {numbers[1] - numbers[0]} {numbers[2] - numbers[1]}");
        trace($"prefix: {tasks[0].Name.StartsWith("Task-", StringComparison.Ordinal)}");
        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine NamesCanBeGivenAndChanged(Trace trace)
    {
        async Coroutine Body() => trace($"inside: {Aio.CurrentTask()!.Name}");

        var task = Aio.CreateTask(Body(), name: "first");
        trace(task.Name);
        task.Name = "second";
        trace(task.Name);
        await task;
        task.Name = "after";
        trace(task.Name);
    }

    [Scenario]
    public static async Coroutine CurrentTaskIsTheOneBeingStepped(Trace trace)
    {
        async Coroutine Body(string name)
        {
            for (var turn = 0; turn < 2; turn++)
            {
                trace($"{name}: {Aio.CurrentTask()!.Name}");
                await Aio.Sleep(0);
            }
        }

        var first = Aio.CreateTask(Body("a"), name: "A");
        var second = Aio.CreateTask(Body("b"), name: "B");
        await first;
        await second;
        trace($"main is current: {Aio.CurrentTask() != first && Aio.CurrentTask() != second}");
    }

    [Scenario]
    public static async Coroutine CurrentTaskIsNoneInACallback(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Callback() => trace($"in a callback: {Aio.CurrentTask() is null}");

        loop.CallSoon(Callback);
        await Aio.Sleep(0);
        var future = loop.CreateFuture<Unit>();
        future.AddDoneCallback(_ => Callback());
        future.SetResult(default);
        await Aio.Sleep(0);
        trace($"in main: {Aio.CurrentTask() is null}");
    }

    [Scenario]
    public static void CurrentTaskWithoutALoopIsAnError(Trace trace)
    {
        trace(ErrorOf(() => Aio.CurrentTask()));
        var loop = Aio.NewEventLoop();
        trace($"of an idle loop: {Show(Aio.CurrentTask(loop))}");
        loop.Close();
    }

    [Scenario]
    public static async Coroutine AwaitedCoroutineBelongsToTheCurrentTask(Trace trace)
    {
        var main = Aio.CurrentTask();

        async Coroutine Inner()
        {
            trace($"same: {Aio.CurrentTask() == main}");
            await Aio.Sleep(0);
            trace($"same after a suspension: {Aio.CurrentTask() == main}");
        }

        await Inner();
    }

    [Scenario]
    public static async Coroutine AllTasksAreThoseNotDone(Trace trace)
    {
        Aio.CurrentTask()!.Name = "main";

        async Coroutine Body(int turns) => await Spin(turns);

        var first = Aio.CreateTask(Body(1), name: "a");
        var second = Aio.CreateTask(Body(2), name: "b");
        trace($"created: {Names(Aio.AllTasks())}");
        await Aio.Sleep(0);
        trace($"started: {Names(Aio.AllTasks())}");
        await first;
        trace($"first awaited: {Names(Aio.AllTasks())}");
        await second;
        trace($"both awaited: {Names(Aio.AllTasks())}");
    }

    [Scenario]
    public static void AllTasksOfAnIdleLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine Body() => await Aio.Sleep(0);

        trace($"before: {Names(Aio.AllTasks(loop))}");
        var task = loop.CreateTask(Body(), name: "a");
        trace($"created: {Names(Aio.AllTasks(loop))}");
        loop.RunUntilComplete(task);
        trace($"finished: {Names(Aio.AllTasks(loop))}");
        trace($"without a loop: {ErrorOf(() => Aio.AllTasks())}");
        loop.Close();
    }
}
