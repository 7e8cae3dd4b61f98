namespace Asyncio.Conformance;

// Eager tasks in combinators and groups; factories.
internal static partial class EagerTasks
{
    [Scenario]
    public static async Coroutine GatheringOfEagerChildrenMayBeDoneAtOnce(Trace trace)
    {
        Eager();

        async Coroutine<int> Give(int value) => value;

        var gathering = Aio.Gather(Give(1), Give(2));
        trace($"done {gathering.Done()}");
        trace($"results {Show(await gathering)}");
    }

    [Scenario]
    public static async Coroutine GatheringOfEagerChildrenOfWhichOneSuspends(Trace trace)
    {
        Eager();

        async Coroutine<int> Quick()
        {
            trace("quick");
            return 1;
        }

        async Coroutine<int> Slow()
        {
            trace("slow starts");
            await Aio.Sleep(0);
            trace("slow ends");
            return 2;
        }

        var gathering = Aio.Gather(Slow(), Quick());
        trace($"done {gathering.Done()}");
        trace($"results {Show(await gathering)}");
    }

    [Scenario]
    public static async Coroutine GatheringWithAnEagerFailure(Trace trace)
    {
        Eager();

        async Coroutine Fail() => throw new KeyNotFoundException();

        async Coroutine Slow()
        {
            await Aio.Sleep(0);
            trace("slow ends");
        }

        var gathering = Aio.GatherAll([Fail(), Slow()]);
        trace($"done {gathering.Done()}");
        trace(await Attempt(gathering));
        await Spin(2);
    }

    [Scenario]
    public static async Coroutine WaitForEagerTasks(Trace trace)
    {
        Eager();

        async Coroutine<string> Body(string name, int turns)
        {
            await Spin(turns);
            return name;
        }

        AsyncTask<string>[] tasks = [Aio.CreateTask(Body("a", 0), name: "a"), Aio.CreateTask(Body("b", 4), name: "b")];
        var (done, pending) = await Aio.Wait(tasks, returnWhen: ReturnWhen.FirstCompleted);
        trace($"done {Names(done)} pending {Names(pending)}");
        await tasks[1];
    }

    [Scenario]
    public static async Coroutine AsCompletedWithEagerTasks(Trace trace)
    {
        Eager();

        async Coroutine<string> Body(string name, int turns)
        {
            await Spin(turns);
            return name;
        }

        var tasks = new[] { ("a", 4), ("b", 0), ("c", 2) }.Select(each => Aio.CreateTask(Body(each.Item1, each.Item2))).ToList();
        await foreach (var task in Aio.AsCompleted(tasks))
        {
            trace(await task);
        }
    }

    [Scenario]
    public static async Coroutine GroupWithEagerChildren(Trace trace)
    {
        Eager();

        async Coroutine Child(string name, int turns)
        {
            trace($"{name} starts");
            await Spin(turns);
            trace($"{name} ends");
        }

        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child("a", 0));
            _ = group.CreateTask(Child("b", 2));
            trace("body ends");
        });
        trace("left");
    }

    [Scenario]
    public static async Coroutine EagerTaskTakesOneIterationLess(Trace trace)
    {
        async Coroutine Body(string name)
        {
            trace($"{name} starts");
            await Aio.Sleep(0);
            trace($"{name} ends");
        }

        var ticks = Aio.CreateTask(Ticker(trace, 5));
        await Aio.Sleep(0);
        var lazy = Aio.CreateTask(Body("lazy"));
        Eager();
        var prompt = Aio.CreateTask(Body("eager"));
        await lazy;
        await prompt;
        await ticks;
    }

    [Scenario]
    public static void MainTaskIsNeverEager(Trace trace)
    {
        EventLoop Make()
        {
            var loop = Aio.NewEventLoop();
            loop.SetTaskFactory(Aio.EagerTaskFactory);
            return loop;
        }

        async Coroutine Main() => trace("main");

        var loop = Make();
        var task = loop.CreateTask(Main());
        trace($"created, done {task.Done()}");
        loop.RunUntilComplete(task);
        loop.Close();
        Aio.Run(Main(), loopFactory: Make);
    }

    [Scenario]
    public static async Coroutine FactoryForAGivenConstructor(Trace trace)
    {
        var made = new List<IAsyncTask>();

        async Coroutine Body() => trace("body");

        var loop = Aio.GetRunningLoop();
        loop.SetTaskFactory(new EagerConstructor(trace, made));
        var task = Aio.CreateTask(Body());
        loop.SetTaskFactory(null);
        trace($"same {task == made[0]} done {task.Done()}");
    }

    /// <summary><c>create_eager_task_factory(construct)</c>: C# has no task constructor to pass on, a factory does the same.</summary>
    private sealed class EagerConstructor(Trace trace, List<IAsyncTask> made) : AsyncTaskFactory
    {
        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options)
        {
            trace("constructor");
            var task = base.Create(loop, coroutine, options with { EagerStart = true });
            made.Add(task);
            return task;
        }
    }
}
