namespace Asyncio.Conformance;

// How many iterations things take, who comes first, and what is an error.
internal static partial class Execution
{
    [Scenario]
    public static async Coroutine SleepZeroRunsQueuedCallbacksFirst(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.CallSoon(() => trace("queued 1"));
        loop.CallSoon(() => trace("queued 2"));
        var result = await Aio.Sleep(0, "given");
        trace($"result {result}");
    }

    [Scenario]
    public static async Coroutine NegativeSleepYieldsExactlyOnce(Trace trace)
    {
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        await Aio.Sleep(-5);
        trace("after the first");
        await Aio.Sleep(-1);
        trace("after the second");
        await ticks;
    }

    [Scenario]
    public static async Coroutine SleepOfANanIsAnError(Trace trace) => trace(await Attempt(() => Aio.Sleep(double.NaN)));

    [Scenario]
    public static async Coroutine CompletingAFutureRunsNothingInline(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<int>();

        async Coroutine Waiter()
        {
            trace("waiter waits");
            trace($"waiter got {await future}");
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        future.SetResult(1);
        trace("set");
        await Aio.Sleep(0);
        trace($"waiter done: {task.Done()}");
    }

    [Scenario]
    public static async Coroutine WaitersResumeInTheOrderOfTheirAwaits(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<Unit>();

        async Coroutine Waiter(string name)
        {
            trace($"{name} waits");
            await future;
            trace($"{name} resumes");
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        future.SetResult(default);
        await tasks[2];
        trace("main");
    }

    [Scenario]
    public static async Coroutine CallbacksAndWaitersShareTheRegistrationOrder(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<Unit>();

        async Coroutine Waiter(string name)
        {
            await future;
            trace(name);
        }

        future.AddDoneCallback(_ => trace("callback 1"));
        var first = Aio.CreateTask(Waiter("waiter 1"));
        await Aio.Sleep(0);
        future.AddDoneCallback(_ => trace("callback 2"));
        var second = Aio.CreateTask(Waiter("waiter 2"));
        await Aio.Sleep(0);
        future.AddDoneCallback(_ => trace("callback 3"));
        future.SetResult(default);
        await second;
        trace($"first done: {first.Done()}");
    }

    [Scenario]
    public static async Coroutine OrderOfCompletionDecidesAmongFutures(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var futures = Enumerable.Range(0, 3).Select(_ => loop.CreateFuture<Unit>()).ToList();

        async Coroutine Waiter(int number)
        {
            await futures[number];
            trace($"waiter {number}");
        }

        var tasks = Enumerable.Range(0, 3).Select(number => Aio.CreateTask(Waiter(number))).ToList();
        await Aio.Sleep(0);
        foreach (var number in new[] { 2, 0, 1 })
        {
            futures[number].SetResult(default);
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine WokenTaskQueuesBehindWhatIsReady(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<Unit>();

        async Coroutine Waiter()
        {
            await future;
            trace("waiter");
        }

        var task = Aio.CreateTask(Waiter());
        await Aio.Sleep(0);
        loop.CallSoon(() => trace("before"));
        future.SetResult(default);
        loop.CallSoon(() => trace("after"));
        await task;
        trace("main");
    }

    [Scenario]
    public static async Coroutine AwaitingANewTaskTakesTwoIterations(Trace trace)
    {
        async Coroutine Body() => trace("body");

        var ticks = Aio.CreateTask(Ticker(trace, 4));
        await Aio.CreateTask(Body());
        trace("awaited");
        await ticks;
    }

    [Scenario]
    public static async Coroutine ChainOfTasksUnwindsOneIterationATask(Trace trace)
    {
        async Coroutine Link(int depth)
        {
            trace($"link {depth} starts");
            if (depth > 0)
            {
                await Aio.CreateTask(Link(depth - 1));
            }

            trace($"link {depth} ends");
        }

        var ticks = Aio.CreateTask(Ticker(trace, 9));
        await Aio.CreateTask(Link(3));
        trace("main");
        await ticks;
    }

    [Scenario]
    public static async Coroutine RelayOfFuturesHopsOnceEach(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var futures = Enumerable.Range(0, 6).Select(_ => loop.CreateFuture<int>()).ToList();

        async Coroutine Relay(int number)
        {
            var token = await futures[number];
            trace($"relay {number} has {token}");
            futures[number + 1].SetResult(token + 1);
        }

        var tasks = Enumerable.Range(0, 5).Select(number => Aio.CreateTask(Relay(number))).ToList();
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 6));
        futures[0].SetResult(10);
        trace($"end has {await futures[5]}");
        await ticks;
        trace($"done: {Show(tasks.Select(task => task.Done()))}");
    }

    [Scenario]
    public static async Coroutine FutureOfAnotherLoopIsAnError(Trace trace)
    {
        var other = Aio.NewEventLoop();
        var foreign = other.CreateFuture<Unit>();
        trace(await Attempt(foreign));
        await Aio.Sleep(0);
        trace($"foreign done: {foreign.Done()}");
        other.Close();
    }

    [Scenario]
    public static async Coroutine TaskCannotAwaitItself(Trace trace)
    {
        var tasks = new List<AsyncTask<string>>();

        async Coroutine<string> Body()
        {
            await Aio.Sleep(0);
            try
            {
                await tasks[0];
            }
            catch (InvalidOperationException error)
            {
                trace($"inside: {Kind(error)}");
            }

            return "went on";
        }

        tasks.Add(Aio.CreateTask(Body()));
        trace(await Attempt(tasks[0]));
    }

    [Scenario]
    public static async Coroutine AwaitingACoroutineThatATaskDrivesIsAnError(Trace trace)
    {
        async Coroutine<string> Body()
        {
            trace("body starts");
            await Spin(2);
            return "body ends";
        }

        var coroutine = Body();
        var task = Aio.CreateTask(coroutine);
        await Aio.Sleep(0);
        trace(await Attempt(coroutine));
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine AwaitingACoroutineTwiceIsAnError(Trace trace)
    {
        async Coroutine<int> Body() => 1;

        var coroutine = Body();
        trace($"first {await coroutine}");
        trace($"second {await Attempt(coroutine)}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingCallbackDoesNotStopTheOthers(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Fail()
        {
            trace("fails");
            throw new DivideByZeroException();
        }

        loop.CallSoon(() => trace("before"));
        loop.CallSoon(Fail);
        loop.CallSoon(() => trace("after"));
        await Aio.Sleep(0);
        trace("main goes on");
    }

    [Scenario]
    public static async Coroutine TimerDueNowRunsAfterWhatWasReady(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.CallLater(0, () => trace("timer"));
        loop.CallSoon(() => trace("soon 1"));
        loop.CallSoon(() => trace("soon 2"));
        await Aio.Sleep(0);
        trace("main, iteration 1");
        await Aio.Sleep(0);
        trace("main, iteration 2");
    }

    [Scenario]
    public static async Coroutine RunningLoopIsKnownInside(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        trace($"same: {Aio.GetRunningLoop() == loop}");

        void Callback() => trace($"in a callback: {Aio.GetRunningLoop() == loop}");

        loop.CallSoon(Callback);
        await Aio.Sleep(0);
    }

    [Scenario]
    public static void NoRunningLoopWithoutRun(Trace trace)
    {
        trace(ErrorOf(Aio.GetRunningLoop));
        var loop = Aio.NewEventLoop();
        trace(ErrorOf(Aio.GetRunningLoop));
        loop.Close();
    }
}
