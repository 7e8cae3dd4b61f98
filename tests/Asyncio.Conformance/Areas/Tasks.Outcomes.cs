namespace Asyncio.Conformance;

// Outcomes, reports, loops that stop, factories.
internal static partial class Tasks
{
    [Scenario]
    public static async Coroutine TaskRefusesAResultFromOutside(Trace trace)
    {
        async Coroutine<string> Body() => "own";

        var task = Aio.CreateTask(Body());
        trace($"set_result: {ErrorOf(() => task.SetResult("1"))}");
        trace($"set_exception: {ErrorOf(() => task.SetException(new ArgumentException()))}");
        trace(await Attempt(task));
        trace($"set_result when done: {ErrorOf(() => task.SetResult("1"))}");
    }

    [Scenario]
    public static async Coroutine DoneCallbacksOfATaskRunInOrderBeforeItsWaiter(Trace trace)
    {
        async Coroutine<string> Body()
        {
            trace("body");
            return "r";
        }

        var task = Aio.CreateTask(Body());
        task.AddDoneCallback(done => trace($"callback 1: {((Future<string>)done).Result()}"));
        task.AddDoneCallback(done => trace($"callback 2, same: {done == task}"));
        trace($"awaited {await task}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine TaskWhoseFailureNobodyRetrievedIsReported(Trace trace)
    {
        async Coroutine Body() => throw new DivideByZeroException();

        void Abandon() => Aio.CreateTask(Body());

        Abandon();
        await Spin(2);
        await CollectGarbage();
        trace("end");
    }

    [Scenario(Handler = true)]
    public static async Coroutine CancellingAFailedTaskSilencesTheReport(Trace trace)
    {
        async Coroutine Body() => throw new DivideByZeroException();

        async Coroutine Use()
        {
            var task = Aio.CreateTask(Body());
            await Spin(2);
            trace($"cancel: {task.Cancel()}");
        }

        await Use();
        await CollectGarbage();
        trace("end");
    }

    [Scenario]
    public static async Coroutine FailurePassesFromTaskToTask(Trace trace)
    {
        async Coroutine Leaf() => throw new KeyNotFoundException("k");

        async Coroutine Middle()
        {
            try
            {
                await Aio.CreateTask(Leaf());
            }
            finally
            {
                trace("middle finally");
            }
        }

        async Coroutine Top()
        {
            try
            {
                await Aio.CreateTask(Middle());
            }
            catch (KeyNotFoundException error)
            {
                trace($"top caught {Kind(error)}");
                throw new ArgumentException("translated", error);
            }
        }

        var task = Aio.CreateTask(Top());
        trace(await Attempt(task));
        trace($"cause {Kind(task.Exception()!.InnerException)}");
    }

    [Scenario]
    public static void CreateTaskWithoutARunningLoopIsAnError(Trace trace)
    {
        async Coroutine Body() => trace("never");

        var coroutine = Body();
        trace(ErrorOf(() => Aio.CreateTask(coroutine)));
        coroutine.Close();
    }

    [Scenario]
    public static void LoopCreatesTasksWhileItIsIdle(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine Body(string name)
        {
            trace(name);
            await Aio.Sleep(0);
            trace($"{name} ends");
        }

        var first = loop.CreateTask(Body("a"));
        var second = loop.CreateTask(Body("b"));
        trace("idle");
        trace($"loop of the task: {first.Loop == loop}");
        loop.RunUntilComplete(second);
        trace($"done {first.Done()} {second.Done()}");
        loop.Close();
    }

    [Scenario]
    public static void InterruptInATaskLeavesTheLoopAndStaysInTheTask(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        TraceErrors(trace, loop);

        async Coroutine Body()
        {
            trace("body");
            throw new KeyboardInterruptException();
        }

        async Coroutine Bystander()
        {
            trace("bystander starts");
            await Aio.Sleep(0);
            trace("bystander ends");
        }

        var task = loop.CreateTask(Body());
        var other = loop.CreateTask(Bystander());
        trace(ErrorOf(loop.RunForever));
        trace($"task {Kind(task.Exception())} bystander {Outcome(other)}");
        loop.RunUntilComplete(other);
        trace($"bystander {Outcome(other)}");
        loop.Close();
    }

    [Scenario]
    public static void TasksSurviveWhenTheLoopStopsAndStartsAgain(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine Body()
        {
            for (var number = 0; number < 3; number++)
            {
                trace($"step {number}");
                await Aio.Sleep(0);
            }
        }

        var task = loop.CreateTask(Body());
        for (var run = 0; run < 3; run++)
        {
            trace($"run {run}");
            loop.Stop();
            loop.RunForever();
        }

        trace($"done {task.Done()}");
        loop.RunUntilComplete(task);
        trace($"done {task.Done()}");
        loop.Close();
    }

    [Scenario]
    public static async Coroutine TaskFactoryMakesTheTasks(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        trace($"default: {Show(loop.GetTaskFactory())}");
        var factory = new TracingFactory(trace, "factory");

        async Coroutine Body(string name) => trace($"body {name}");

        loop.SetTaskFactory(factory);
        trace($"set: {loop.GetTaskFactory() == factory}");
        var task = Aio.CreateTask(Body("a"), name: "n");
        trace($"name {task.Name}");
        await task;
        await Aio.GatherAll([Body("b")]);
        await Aio.WaitFor(Body("c"), 100);
        loop.SetTaskFactory(null);
        await Aio.CreateTask(Body("d"));
    }

    [Scenario]
    public static async Coroutine TaskThatNobodyRefersToGoesOn(Trace trace)
    {
        var gate = new AsyncEvent();

        async Coroutine Body()
        {
            await gate.WaitAsync();
            trace("task ends");
        }

        void Abandon() => Aio.CreateTask(Body());

        Abandon();
        await CollectGarbage();
        trace("collected");
        gate.Set();
        await Spin(2);
        trace("end");
    }

    /// <summary>Makes plain tasks, and traces that it was asked.</summary>
    private sealed class TracingFactory(Trace trace, string line) : AsyncTaskFactory
    {
        public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options)
        {
            trace(line);
            return base.Create(loop, coroutine, options);
        }

        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options)
        {
            trace(line);
            return base.Create(loop, coroutine, options);
        }
    }
}
