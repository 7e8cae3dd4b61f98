namespace Asyncio.Conformance;

// What main leaves behind.
internal static partial class Runners
{
    [Scenario]
    public static void LeftoverTasksAreCancelledAndAwaited(Trace trace)
    {
        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                trace("leftover cancelled");
                await Spin(3);
                trace("leftover cleaned up");
            }
        }

        async Coroutine<string> Main()
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
            trace("main ends");
            return "result";
        }

        trace(Aio.Run(Main()));
    }

    [Scenario]
    public static void LeftoverTaskThatNeverStarted(Trace trace)
    {
        var tasks = new List<AsyncTask>();

        async Coroutine Leftover() => trace("leftover starts after all");

        async Coroutine Main()
        {
            tasks.Add(Aio.CreateTask(Leftover()));
            trace("main ends");
        }

        Aio.Run(Main());
        trace(Outcome(tasks[0]));
    }

    [Scenario]
    public static void FailingLeftoversAreReported(Trace trace)
    {
        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                throw new DivideByZeroException();
            }
        }

        async Coroutine<string> Main()
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
            return "result";
        }

        trace(Aio.Run(Main(), loopFactory: Reporting(trace)));
    }

    [Scenario]
    public static void FailingLeftoversWhenMainFailedToo(Trace trace)
    {
        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                throw new KeyNotFoundException("k");
            }
        }

        async Coroutine Main()
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
            throw new ArgumentException("v");
        }

        trace(ErrorOf(() => Aio.Run(Main(), loopFactory: Reporting(trace))));
    }

    [Scenario]
    public static void LeftoverThatSwallowsTheCancellation(Trace trace)
    {
        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                trace("swallowed");
            }

            await Aio.Sleep(0.01);
            trace("leftover ends");
        }

        async Coroutine Main()
        {
            _ = Aio.CreateTask(Leftover());
            await Aio.Sleep(0);
        }

        Aio.Run(Main());
        trace("run ends");
    }

    [Scenario]
    public static void GeneratorsAreClosedAfterTheLeftoverTasks(Trace trace)
    {
        var kept = new List<IAsyncEnumerator<int>>();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                yield return 2;
            }
            finally
            {
                await Aio.Sleep(0);
                trace("generator closed");
            }
        }

        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                await Spin(2);
                trace("leftover ends");
            }
        }

        async Coroutine Main()
        {
            _ = Aio.CreateTask(Leftover());
            kept.Add(Aio.Iterate(Numbers()).GetAsyncEnumerator());
            trace($"first {await Next(kept[0])}");
            trace("main ends");
        }

        Aio.Run(Main());
    }

    [Scenario]
    public static void GeneratorsAreClosedEvenIfLeftoversFail(Trace trace)
    {
        var kept = new List<IAsyncEnumerator<int>>();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                trace("generator closed");
            }
        }

        async Coroutine Leftover()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                throw new DivideByZeroException();
            }
        }

        async Coroutine Main()
        {
            _ = Aio.CreateTask(Leftover());
            kept.Add(Aio.Iterate(Numbers()).GetAsyncEnumerator());
            trace($"first {await Next(kept[0])}");
            await Aio.Sleep(0);
        }

        Aio.Run(Main(), loopFactory: Reporting(trace));
    }

    [Scenario]
    public static void ExecutorWorkIsAwaitedAtTheEnd(Trace trace)
    {
        void Work()
        {
            Thread.Sleep(30);
            trace("work ends");
        }

        async Coroutine Main()
        {
            _ = Aio.GetRunningLoop().RunInExecutor(null, Work);
            trace("main ends");
        }

        Aio.Run(Main());
        trace("run ends");
    }

    [Scenario]
    public static void CallbackScheduledByMainAtItsEnd(Trace trace)
    {
        async Coroutine Main()
        {
            Aio.GetRunningLoop().CallSoon(() => trace("callback"));
            trace("main ends");
        }

        Aio.Run(Main());
        trace("run ends");
    }
}
