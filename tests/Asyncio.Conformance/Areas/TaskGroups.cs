namespace Asyncio.Conformance;

/// <summary>Task groups: joining, failing, cancelling in both directions, nesting.</summary>
[Area("task_groups")]
internal static partial class TaskGroups
{
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    private static async Coroutine<T> Give<T>(T value, int turns = 0)
    {
        await Spin(turns);
        return value;
    }

    private static async Coroutine<string> Fail(Exception error, int turns = 0)
    {
        await Spin(turns);
        throw error;
    }

    /// <summary>Waits for ever, and tells when it is interrupted.</summary>
    private static async Coroutine<string> Hang(Trace trace, string name)
    {
        try
        {
            return await Forever();
        }
        finally
        {
            trace($"{name} cancelled");
        }
    }

    private static int Requests() => Aio.CurrentTask()!.Cancelling();

    [Scenario]
    public static async Coroutine ExitWaitsForTheChildren(Trace trace)
    {
        async Coroutine<string> Work(string name, int turns)
        {
            await Spin(turns);
            trace($"{name} ends");
            return name;
        }

        AsyncTask<string> first = null!;
        AsyncTask<string> second = null!;
        await TaskGroup.Run(async group =>
        {
            first = group.CreateTask(Work("a", 3));
            second = group.CreateTask(Work("b", 1));
            trace("body ends");
        });
        trace($"results {first.Result()} {second.Result()}");
    }

    [Scenario]
    public static async Coroutine BodyAndChildrenInterleave(Trace trace)
    {
        async Coroutine Work(string name)
        {
            for (var number = 0; number < 3; number++)
            {
                trace($"{name}{number}");
                await Aio.Sleep(0);
            }
        }

        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Work("a"));
            _ = group.CreateTask(Work("b"));
            for (var number = 0; number < 3; number++)
            {
                trace($"body{number}");
                await Aio.Sleep(0);
            }
        });
        trace("left");
    }

    [Scenario]
    public static async Coroutine EmptyGroupDoesNotSuspend(Trace trace)
    {
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await TaskGroup.Run(async _ => { trace("body"); });
        trace("left");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine GroupWhoseChildrenAreDoneDoesNotSuspend(Trace trace)
    {
        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Give(1));
            await Spin(3);
            Aio.GetRunningLoop().CallSoon(() => trace("callback"));
            trace("body ends");
        });
        trace("left");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine IterationsThatLeavingTakes(Trace trace)
    {
        async Coroutine Work() => trace("child");

        var ticks = Aio.CreateTask(Ticker(trace, 5));
        await TaskGroup.Run(async group => { _ = group.CreateTask(Work()); });
        trace("left");
        await ticks;
    }

    [Scenario]
    public static async Coroutine ChildAddedByAChildWhileLeaving(Trace trace)
    {
        async Coroutine Child(TaskGroup group, int depth)
        {
            trace($"child {depth}");
            await Aio.Sleep(0);
            if (depth < 3)
            {
                _ = group.CreateTask(Child(group, depth + 1));
            }
        }

        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child(group, 1));
            trace("body ends");
        });
        trace("left");
    }

    [Scenario]
    public static async Coroutine FinishedChildrenLeaveTheGroup(Trace trace)
    {
        var total = 0;
        await TaskGroup.Run(async group =>
        {
            for (var number = 0; number < 20; number++)
            {
                total += await group.CreateTask(Give(number));
            }
        });
        trace($"total {total}");
    }

    [Scenario]
    public static async Coroutine MultiplyingChildrenAreStoppedByOneFailure(Trace trace)
    {
        var started = 0;

        async Coroutine Child(TaskGroup group)
        {
            started++;
            await Aio.Sleep(0);
            if (started > 20)
            {
                throw new ArgumentException();
            }

            _ = group.CreateTask(Child(group));
            await Forever();
        }

        try
        {
            await TaskGroup.Run(async group => { _ = group.CreateTask(Child(group)); });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"started {started}");
    }

    [Scenario]
    public static async Coroutine GroupThatIsShuttingDownTakesNoChildren(Trace trace)
    {
        async Coroutine Late() => trace("never");

        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Fail(new ArgumentException()));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    trace(ErrorOf(() => group.CreateTask(Late())));
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine GroupThatIsFinishedTakesNoChildren(Trace trace)
    {
        async Coroutine Late() => trace("never");

        TaskGroup group = null!;
        await TaskGroup.Run(async it =>
        {
            group = it;
            _ = group.CreateTask(Give(1));
        });
        trace(ErrorOf(() => group.CreateTask(Late())));
    }

    [Scenario]
    public static async Coroutine GroupIsEnteredOnce(Trace trace)
    {
        Coroutine scope = default;
        scope = TaskGroup.Run(async _ =>
        {
            try
            {
                await scope;
                trace("never");
            }
            catch (InvalidOperationException error)
            {
                trace($"nested: {Kind(error)}");
            }
        });
        await scope;
        try
        {
            await scope;
            trace("never");
        }
        catch (InvalidOperationException error)
        {
            trace($"afterwards: {Kind(error)}");
        }
    }

    [Scenario]
    public static async Coroutine EnteringOutsideATaskIsAnError(Trace trace)
    {
        void Callback() => trace(ErrorOf(() => new TaskGroup()));

        Aio.GetRunningLoop().CallSoon(Callback);
        await Aio.Sleep(0);
    }

    [Scenario(Handler = true)]
    public static async Coroutine ChildThatFailsWhenTheParentTaskIsOver(Trace trace)
    {
        var children = new List<AsyncTask<string>>();

        async Coroutine Parent()
        {
            var group = new TaskGroup();
            children.Add(group.CreateTask(Fail(new ArgumentException(), 3)));
        }

        await Aio.CreateTask(Parent());
        trace("parent is over");
        await Spin(6);
        trace(Kind(children[0].Exception()));
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailuresOfChildrenCountAsRetrieved(Trace trace)
    {
        async Coroutine Use()
        {
            try
            {
                await TaskGroup.Run(async group =>
                {
                    _ = group.CreateTask(Fail(new ArgumentException()));
                    _ = group.CreateTask(Fail(new KeyNotFoundException()));
                });
            }
            catch (ExceptionGroup error)
            {
                trace(Kind(error));
            }
        }

        await Use();
        await CollectGarbage();
        trace("end");
    }
}
