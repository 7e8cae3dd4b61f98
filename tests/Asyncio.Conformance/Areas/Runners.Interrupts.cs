namespace Asyncio.Conformance;

// Ctrl-C.
internal static partial class Runners
{
    [Scenario]
    public static void InterruptCancelsMain(Trace trace)
    {
        var futures = new List<Future<Unit>>();

        async Coroutine Main()
        {
            var loop = Aio.GetRunningLoop();
            futures.Add(loop.CreateFuture<Unit>());
            loop.CallLater(0.01, CtrlC.Press);
            try
            {
                await futures[0];
            }
            catch (CancelledException)
            {
                trace("main cancelled");
                throw;
            }
        }

        trace(ErrorOf(() => Aio.Run(Main())));
        trace($"future cancelled {futures[0].Cancelled()}");
    }

    [Scenario]
    public static void InterruptLetsMainCleanUp(Trace trace)
    {
        async Coroutine Main()
        {
            Aio.GetRunningLoop().CallLater(0.01, CtrlC.Press);
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                trace("cleanup starts");
                await Spin(2);
                trace("cleanup ends");
            }
        }

        trace(ErrorOf(() => Aio.Run(Main())));
    }

    [Scenario]
    public static void InterruptThatMainHandles(Trace trace)
    {
        async Coroutine<string> Main()
        {
            Aio.GetRunningLoop().CallLater(0.01, CtrlC.Press);
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                trace($"main handles it, requests {Aio.CurrentTask()!.Cancelling()}");
            }

            return "result";
        }

        trace(Aio.Run(Main()));
    }

    [Scenario]
    public static void InterruptAndACancellationBySomebodyElse(Trace trace)
    {
        async Coroutine Main()
        {
            var task = Aio.CurrentTask()!;
            Aio.GetRunningLoop().CallLater(0.01, CtrlC.Press);
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                task.Cancel();
                trace($"requests {task.Cancelling()}");
                throw;
            }
        }

        trace(ErrorOf(() => Aio.Run(Main())));
    }

    [Scenario]
    public static void InterruptReachesChildrenOfAGroup(Trace trace)
    {
        async Coroutine Child()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                trace("child cancelled");
            }
        }

        async Coroutine Main() => await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child());
            Aio.GetRunningLoop().CallLater(0.01, CtrlC.Press);
        });

        trace(ErrorOf(() => Aio.Run(Main())));
    }
}
