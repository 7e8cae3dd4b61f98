namespace Asyncio.Conformance;

/// <summary>Threads: run_in_executor, to_thread, run_coroutine_threadsafe, the default executor.</summary>
[Area("executors")]
internal static partial class Executors
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // the originals wait 5 s, which a busy machine may take

    private static void Fail() => throw new DivideByZeroException();

    [Scenario]
    public static async Coroutine ResultOfAFunctionInAThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var main = Environment.CurrentManagedThreadId;

        bool Work() => Environment.CurrentManagedThreadId != main;

        trace($"another thread {await loop.RunInExecutor(null, Work)}");
    }

    [Scenario]
    public static async Coroutine FailureOfAFunctionInAThread(Trace trace) =>
        trace(await Attempt(Aio.GetRunningLoop().RunInExecutor(null, Fail)));

    [Scenario]
    public static async Coroutine RunInExecutorActsAtTheCall(Trace trace)
    {
        var started = new ManualResetEventSlim();
        var future = Aio.GetRunningLoop().RunInExecutor(null, started.Set);
        trace($"started {started.Wait(Patience)}");
        trace(Outcome(future));
        await future;
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine LoopGoesOnWhileTheThreadWorks(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var gate = new ManualResetEventSlim();
        var future = loop.RunInExecutor(null, () => gate.Wait(Patience));
        for (var number = 0; number < 3; number++)
        {
            await Aio.Sleep(0);
            trace($"turn {number}, work {Outcome(future)}");
        }

        gate.Set();
        trace($"work {await future}");
    }

    [Scenario]
    public static async Coroutine ExecutorOfOnesOwn(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        using (var executor = new ThreadPoolExecutor(maxWorkers: 1))
        {
            var order = new List<int>();
            var futures = Enumerable.Range(0, 5).Select(number => loop.RunInExecutor(executor, () => order.Add(number))).ToList();
            await Aio.Wait(futures);
            trace($"order {Show(order)}");
        }
    }

    [Scenario]
    public static async Coroutine ExecutorWithoutWorkersIsAnError(Trace trace)
    {
        trace(ErrorOf(() => new ThreadPoolExecutor(maxWorkers: 0)));
        trace(ErrorOf(() => new ThreadPoolExecutor(maxWorkers: -1)));
    }

    [Scenario]
    public static async Coroutine ExecutorThatWasShutDownRefusesWork(Trace trace)
    {
        var executor = new ThreadPoolExecutor(maxWorkers: 1);
        executor.Shutdown();
        trace(ErrorOf(() => Aio.GetRunningLoop().RunInExecutor(executor, Fail)));
    }

    [Scenario]
    public static async Coroutine CancelledWorkThatHasNotStartedIsWithdrawn(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var gate = new ManualResetEventSlim();
        var ran = new List<string>();
        using (var executor = new ThreadPoolExecutor(maxWorkers: 1))
        {
            var first = loop.RunInExecutor(executor, () => gate.Wait(Patience));
            var second = loop.RunInExecutor(executor, () => ran.Add("second"));
            var third = loop.RunInExecutor(executor, () => ran.Add("third"));
            trace($"cancel {second.Cancel()}");
            trace($"second {await Attempt(second)}");
            await Spin(2);
            gate.Set();
            await first;
            await third;
        }

        trace($"ran {Show(ran)}");
    }

    [Scenario]
    public static async Coroutine CancelledWorkThatRunsGoesOnAndItsResultIsDropped(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var started = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();
        var ended = new List<bool>();
        Future<string> future;

        string Work()
        {
            started.Set();
            gate.Wait(Patience);
            ended.Add(true);
            return "dropped";
        }

        using (var executor = new ThreadPoolExecutor(maxWorkers: 1))
        {
            future = loop.RunInExecutor(executor, Work);
            started.Wait(Patience);
            trace($"cancel {future.Cancel()}");
            trace(await Attempt(future));
            trace($"ended {ended.Count}");
            gate.Set();
        }

        trace($"ended {ended.Count}");
        await Aio.Sleep(0.01);
        trace(Outcome(future));
    }

    [Scenario]
    public static async Coroutine CancelledWaiterOfWorkInAThread(Trace trace)
    {
        var started = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();

        void Work()
        {
            started.Set();
            gate.Wait(Patience);
        }

        async Coroutine Body() => await Aio.ToThread(Work);

        var task = Aio.CreateTask(Body());
        while (!started.IsSet)
        {
            await Aio.Sleep(0.001);
        }

        task.Cancel("m");
        trace(await Attempt(task));
        gate.Set();
    }

    [Scenario]
    public static async Coroutine TimeoutOnWorkInAThread(Trace trace)
    {
        var gate = new ManualResetEventSlim();
        trace(await Attempt(Aio.WaitFor(Aio.ToThread(() => gate.Wait(Patience)), 0.02)));
        gate.Set();
    }

    [Scenario]
    public static async Coroutine ToThreadActsAtTheAwait(Trace trace)
    {
        var ran = new List<string>();
        var coroutine = Aio.ToThread(() => ran.Add("work"));
        await Aio.Sleep(0.01);
        trace($"called {Show(ran)}");
        await coroutine;
        trace($"awaited {Show(ran)}");
    }

    [Scenario]
    public static async Coroutine ToThreadPassesArgumentsAndResults(Trace trace)
    {
        string Join(string first, string second) => $"{first} {second}";

        trace(await Attempt(Aio.ToThread(() => Join("a", "b"))));
    }

    [Scenario]
    public static async Coroutine GatheredThreads(Trace trace)
    {
        var barrier = new Barrier(3);

        int Work(int number)
        {
            barrier.SignalAndWait(Patience);
            return number;
        }

        var results = await Aio.GatherAll(Enumerable.Range(0, 3).Select(number => Aio.ToThread(() => Work(number))));
        trace($"results {Show(results)}");
    }

    [Scenario]
    public static async Coroutine DefaultExecutorOfOnesOwn(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var executor = new ThreadPoolExecutor(maxWorkers: 1, threadNamePrefix: "own");
        loop.SetDefaultExecutor(executor);

        bool Work() => Thread.CurrentThread.Name!.StartsWith("own", StringComparison.Ordinal);

        trace($"run_in_executor: own {await loop.RunInExecutor(null, Work)}");
        trace($"to_thread: own {await Aio.ToThread(Work)}");
    }

    [Scenario]
    public static async Coroutine DefaultExecutorAfterItsShutdown(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        trace($"before: {await Attempt(loop.RunInExecutor(null, () => "works"))}");
        await loop.ShutdownDefaultExecutor();
        await loop.ShutdownDefaultExecutor();
        trace($"after: {ErrorOf(() => loop.RunInExecutor(null, Fail))}");
        trace($"to_thread: {await Attempt(Aio.ToThread(Fail))}");
    }

    [Scenario]
    public static async Coroutine ShutdownOfTheDefaultExecutorWaitsForItsWork(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Work()
        {
            Thread.Sleep(30);
            trace("work ends");
        }

        _ = loop.RunInExecutor(null, Work);
        await loop.ShutdownDefaultExecutor();
        trace("shut down");
    }

    [Scenario]
    public static void ShutdownOfTheDefaultExecutorWithATimeLimit(Trace trace)
    {
        var caught = new Recording(); // a warning is logged here, so the loop gets a log of its own

        async Coroutine Main()
        {
            var loop = Aio.GetRunningLoop();
            var gate = new ManualResetEventSlim();
            var future = loop.RunInExecutor(null, () => gate.Wait(Patience));
            await loop.ShutdownDefaultExecutor(0.02);
            trace($"warnings {caught.Lines.Count}");
            trace(Outcome(future));
            gate.Set();
            trace(await Attempt(future));
        }

        Aio.Run(Main(), loopFactory: () => new EventLoop(new EventLoopOptions { LoggerFactory = new LogRecorder(caught, wanted: true) }));
    }

    [Scenario]
    public static void ResultThatComesAfterTheLoopWasClosedIsIgnored(Trace trace)
    {
        var executor = new ThreadPoolExecutor(maxWorkers: 1);
        var gate = new ManualResetEventSlim();
        var loop = Aio.NewEventLoop();

        async Coroutine Main() => _ = loop.RunInExecutor(executor, () => gate.Wait(Patience));

        loop.RunUntilComplete(Main());
        loop.Close();
        trace("closed");
        gate.Set();
        executor.Shutdown(wait: true);
        trace("worker ended");
    }

    [Scenario]
    public static async Coroutine ShutdownThatDropsWhatHasNotStarted(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var started = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();
        var ran = new List<string>();

        bool Work()
        {
            started.Set();
            return gate.Wait(Patience);
        }

        var executor = new ThreadPoolExecutor(maxWorkers: 1);
        var first = loop.RunInExecutor(executor, Work);
        var second = loop.RunInExecutor(executor, () => ran.Add("second"));
        started.Wait(Patience);
        executor.Shutdown(wait: false, cancelFutures: true);
        trace($"second {await Attempt(second)}");
        gate.Set();
        trace($"first {await Attempt(first)}");
        trace($"ran {Show(ran)}");
    }
}
