namespace Asyncio.Conformance;

// Combinators, threads, exception handlers, contexts entered by hand.
internal static partial class Contexts
{
    [Scenario]
    public static async Coroutine GatheredChildrenHaveContextsOfTheirOwn(Trace trace)
    {
        var variable = new Variable();
        variable.Set("parent");

        async Coroutine Child(string name)
        {
            trace($"{name} sees {variable.Get()}");
            variable.Set(name);
            await Aio.Sleep(0);
            trace($"{name} sees {variable.Get()}");
        }

        await Aio.GatherAll([Child("a"), Child("b")]);
        trace($"parent sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ShieldedCoroutineHasAContextOfItsOwn(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Child() => variable.Set("child");

        await Aio.Shield(Child());
        trace($"parent sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ChildrenOfAGroupHaveContextsOfTheirOwn(Trace trace)
    {
        var variable = new Variable();
        variable.Set("parent");
        var context = Context.CopyCurrent();

        async Coroutine Child(string name)
        {
            trace($"{name} sees {variable.Get()}");
            variable.Set(name);
        }

        await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child("a"));
            _ = group.CreateTask(Child("b"), context: context);
        });
        trace($"parent sees {variable.Get()}, the given context {context.Run(variable.Get)}");
    }

    [Scenario]
    public static async Coroutine WaitForRunsInTheContextOfTheCaller(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Write(string value) => variable.Set(value);

        await Aio.WaitFor(Write("with a limit"), 60);
        trace($"caller sees {variable.Get()}");
        await Aio.WaitFor(Write("without"), double.PositiveInfinity);
        trace($"caller sees {variable.Get()}");
        trace(await Attempt(Aio.WaitFor(Write("zero"), 0)));
        trace($"caller sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ExecutorGetsNoContext(Trace trace)
    {
        var variable = new Variable();
        variable.Set("main");
        trace($"thread sees {await Aio.GetRunningLoop().RunInExecutor(null, variable.Get)}");
    }

    [Scenario]
    public static async Coroutine ToThreadGetsACopy(Trace trace)
    {
        var variable = new Variable();
        variable.Set("main");

        string Work()
        {
            var seen = variable.Get();
            variable.Set("thread");
            return seen;
        }

        trace($"thread sees {await Aio.ToThread(Work)}");
        trace($"main sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine CoroutineFromAnotherThreadHasTheContextOfThatThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();
        variable.Set("main");

        async Coroutine<string> Body() => variable.Get();

        string Work()
        {
            variable.Set("thread");
            return Aio.RunCoroutineThreadsafe(Body(), loop).Result;
        }

        trace($"coroutine sees {await Aio.ToThread(Work)}");
        trace($"main sees {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ExceptionHandlerRunsInTheContextOfTheFailingCallback(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();
        loop.SetExceptionHandler((_, _) => trace($"handler sees {variable.Get()}"));

        void Fail() => throw new ArgumentException();

        var context = Context.CopyCurrent();
        context.Run(() => variable.Set("callback"));
        loop.CallSoon(Fail, context);
        variable.Set("main");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine ExceptionHandlerRunsInTheContextOfTheFailingDoneCallback(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();
        loop.SetExceptionHandler((_, _) => trace($"handler sees {variable.Get()}"));

        void Fail(Future done) => throw new ArgumentException();

        var future = loop.CreateFuture<Unit>();
        variable.Set("at registration");
        future.AddDoneCallback(Fail);
        variable.Set("later");
        future.SetResult(default);
        await Aio.Sleep(0);
    }

    [Scenario]
    public static void ExceptionHandlerRunsInTheContextOfTheFailingLeftover(Trace trace)
    {
        var variable = new Variable();

        async Coroutine Leftover()
        {
            variable.Set("leftover");
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                throw new ArgumentException();
            }
        }

        async Coroutine Main()
        {
            variable.Set("main");
            Aio.GetRunningLoop().SetExceptionHandler((_, _) => trace($"handler sees {variable.Get()}"));
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
        }

        Aio.Run(Main());
    }

    [Scenario]
    public static void RunWorksOnACopy(Trace trace)
    {
        var variable = new Variable();
        variable.Set("outside");

        async Coroutine Main()
        {
            trace($"main sees {variable.Get()}");
            variable.Set("main");
        }

        Aio.Run(Main());
        trace($"outside {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine ContextEnteredByHand(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var variable = new Variable();
        var context = Context.CopyCurrent();
        var tasks = new List<AsyncTask>();

        async Coroutine Body() => trace($"task sees {variable.Get()}");

        void Inside()
        {
            variable.Set("inside");
            tasks.Add(Aio.CreateTask(Body()));
            loop.CallSoon(() => trace($"callback sees {variable.Get()}"));
        }

        context.Run(Inside);
        trace($"main sees {variable.Get()}");
        await tasks[0];
    }

    [Scenario]
    public static async Coroutine CopiesOfAContextAreIndependent(Trace trace)
    {
        var variable = new Variable();
        var first = Context.CopyCurrent();
        first.Run(() => variable.Set("first"));
        var second = first.Copy();
        second.Run(() => variable.Set("second"));
        trace($"values {first.Run(variable.Get)} {second.Run(variable.Get)} {variable.Get()}");
    }

    [Scenario]
    public static async Coroutine GeneratorRunsInTheContextOfItsConsumer(Trace trace)
    {
        var variable = new Variable();

        async IAsyncEnumerable<int> Numbers()
        {
            for (var number = 0; number < 2; number++)
            {
                trace($"generator sees {variable.Get()}");
                yield return number;
            }
        }

        variable.Set("zero");
        await foreach (var number in Numbers())
        {
            trace($"number {number}");
            variable.Set("changed between");
        }
    }
}
