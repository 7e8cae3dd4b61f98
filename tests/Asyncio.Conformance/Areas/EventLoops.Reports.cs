namespace Asyncio.Conformance;

// Threads, the exception handler, the log, debug mode.
internal static partial class EventLoops
{
    [Scenario]
    public static void CurrentLoopOfAThread(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        Aio.SetEventLoop(loop);
        trace($"set: same {Aio.GetEventLoop() == loop}");

        async Coroutine Body() => trace($"inside: same {Aio.GetEventLoop() == loop}");

        loop.RunUntilComplete(Body());
        Aio.SetEventLoop(null);
        trace($"none: {ErrorOf(Aio.GetEventLoop)}");
        loop.Close();
    }

    [Scenario]
    public static void TwoLoopsInTwoThreads(Trace trace)
    {
        var results = new System.Collections.Concurrent.ConcurrentDictionary<string, EventLoop>();

        async Coroutine Body(string name)
        {
            await Aio.Sleep(0.01);
            results[name] = Aio.GetRunningLoop();
        }

        void Run(string name) => Aio.Run(Body(name));

        var threads = new[] { "a", "b" }.Select(name => new Thread(() => Run(name))).ToList();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        trace($"both ran {results.Count == 2}, different loops {results["a"] != results["b"]}");
    }

    [Scenario]
    public static async Coroutine CallbackFromAnotherThreadWakesTheLoop(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<string>();

        void Work()
        {
            Thread.Sleep(10);
            loop.CallSoonThreadsafe(() => future.SetResult("from the thread"));
        }

        var thread = new Thread(Work);
        thread.Start();
        trace(await future);
        thread.Join();
    }

    [Scenario]
    public static async Coroutine CallbacksFromAnotherThreadKeepTheirOrder(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var numbers = new List<int>();

        void Work()
        {
            for (var number = 0; number < 100; number++)
            {
                var each = number;
                loop.CallSoonThreadsafe(() => numbers.Add(each));
            }
        }

        await loop.RunInExecutor(null, Work);
        trace($"in order {numbers.SequenceEqual(Enumerable.Range(0, 100))}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine FailingCallbacksAreReported(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Fail(Exception error) => throw error;

        loop.CallSoon(() => Fail(new ArgumentException()));
        loop.CallLater(0, () => Fail(new KeyNotFoundException()));
        loop.CallSoonThreadsafe(() => Fail(new DivideByZeroException()));
        await Spin(2);
        trace("end");
    }

    [Scenario]
    public static async Coroutine ExceptionHandlerGetsTheContext(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Handler(EventLoop theLoop, ExceptionContext context)
        {
            trace($"same loop {theLoop == loop}");
            trace(Describe(context));
            trace($"a handle {context.Handle is not null} a task {context.Task is not null} a future {context.Future is not null}");
        }

        void Fail() => throw new ArgumentException();

        loop.SetExceptionHandler(Handler);
        trace($"same handler {loop.GetExceptionHandler() == Handler}");
        loop.CallSoon(Fail);
        await Aio.Sleep(0);
        loop.SetExceptionHandler(null);
        trace($"none {loop.GetExceptionHandler() is null}");
    }

    [Scenario(Handler = true)]
    public static async Coroutine ExceptionHandlerCalledByHand(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.CallExceptionHandler(new ExceptionContext("something happened"));
        loop.CallExceptionHandler(new ExceptionContext("something else") { Exception = new KeyNotFoundException("k") });
        trace("end");
    }

    [Scenario(Log = true)]
    public static async Coroutine WithoutAHandlerFailuresAreLogged(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Fail() => throw new ArgumentException();

        loop.CallSoon(Fail);
        await Aio.Sleep(0);
        loop.CallExceptionHandler(new ExceptionContext("something happened"));
        loop.DefaultExceptionHandler(new ExceptionContext("the default one") { Exception = new KeyNotFoundException("k") });
        trace("end");
    }

    [Scenario(Log = true)]
    public static async Coroutine FailingExceptionHandlerIsLoggedItself(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        void Handler(EventLoop theLoop, ExceptionContext context)
        {
            trace($"handler called with {Kind(context.Exception)}");
            throw new DivideByZeroException();
        }

        void Fail() => throw new ArgumentException();

        loop.SetExceptionHandler(Handler);
        loop.CallSoon(Fail);
        loop.CallSoon(() => trace("next callback"));
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static void InterruptInTheExceptionHandlerLeavesTheLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        void Handler(EventLoop theLoop, ExceptionContext context) => throw new KeyboardInterruptException();

        void Fail() => throw new ArgumentException();

        loop.SetExceptionHandler(Handler);
        loop.CallSoon(Fail);
        trace(ErrorOf(loop.RunForever));
        loop.Close();
    }

    [Scenario]
    public static void InterruptInACallbackIsNotReported(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        TraceErrors(trace, loop);

        void Interrupt() => throw new KeyboardInterruptException();

        loop.CallSoon(Interrupt);
        trace(ErrorOf(loop.RunForever));
        trace($"running {loop.IsRunning}");
        loop.Close();
    }

    [Scenario]
    public static async Coroutine DebugModeCatchesCallsFromAWrongThread(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.SlowCallbackDuration = 3_600; // a slow step is not what this is about
        loop.Debug = true;

        string[] Work() =>
        [
            ErrorOf(() => loop.CallSoon(Nothing)), ErrorOf(() => loop.CallLater(1, Nothing)),
            ErrorOf(() => loop.CallAt(1, Nothing)), ErrorOf(() => loop.CallSoonThreadsafe(Nothing)),
        ];

        trace($"errors {Show(await loop.RunInExecutor(null, Work))}");
        loop.Debug = false;
    }

    [Scenario(Log = true, OwnClock = true)]
    public static async Coroutine DebugModeLogsSlowSteps(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        loop.SlowCallbackDuration = 0.1;

        async Coroutine Slow() => Work(0.12);

        loop.CallSoon(() => Work(0.12));
        await Aio.Sleep(0);
        trace("debug mode");
        loop.Debug = true;
        loop.CallSoon(() => Work(0.12));
        await Aio.Sleep(0);
        await Aio.Sleep(0);
        await Aio.CreateTask(Slow());
        loop.Debug = false;
        trace("end");
    }
}
