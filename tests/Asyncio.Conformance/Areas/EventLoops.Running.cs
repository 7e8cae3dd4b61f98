namespace Asyncio.Conformance;

// Running, stopping, interrupting, closing.
internal static partial class EventLoops
{
    [Scenario]
    public static void StopEndsTheIterationFirst(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        void Stopper()
        {
            trace("stops");
            loop.Stop();
            loop.CallSoon(() => trace("scheduled by the stopper"));
        }

        loop.CallSoon(() => trace("before"));
        loop.CallSoon(Stopper);
        loop.CallSoon(() => trace("after"));
        loop.RunForever();
        trace("stopped");
        loop.CallSoon(loop.Stop);
        loop.RunForever();
        trace("stopped again");
        loop.Close();
    }

    [Scenario]
    public static void StopBeforeRunningIsOneIteration(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        void Again()
        {
            trace("iteration");
            loop.CallSoon(Again);
        }

        loop.CallSoon(Again);
        loop.CallLater(60, () => trace("never"));
        loop.Stop();
        loop.RunForever();
        trace("stopped");
        loop.Stop();
        loop.RunForever();
        trace("stopped again");
        loop.Close();
    }

    [Scenario]
    public static void StateOfALoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        trace($"new: running {loop.IsRunning} closed {loop.IsClosed}");
        loop.CallSoon(() => trace($"inside: running {loop.IsRunning} closed {loop.IsClosed}"));
        loop.CallSoon(loop.Stop);
        loop.RunForever();
        trace($"stopped: running {loop.IsRunning} closed {loop.IsClosed}");
        loop.Close();
        trace($"closed: running {loop.IsRunning} closed {loop.IsClosed}");
    }

    [Scenario]
    public static void RunUntilCompleteGivesTheResult(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine<string> Give()
        {
            await Aio.Sleep(0);
            return "value";
        }

        trace($"coroutine: {loop.RunUntilComplete(Give())}");
        var task = loop.CreateTask(Give());
        trace($"task: {loop.RunUntilComplete(task)}");
        trace($"finished task: {loop.RunUntilComplete(task)}");
        var future = loop.CreateFuture<string>();
        loop.CallSoon(() => future.SetResult("future"));
        trace($"future: {loop.RunUntilComplete(future)}");
        loop.Close();
    }

    [Scenario]
    public static void RunUntilCompleteRaisesTheFailure(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine Fail() => throw new KeyNotFoundException("k");

        trace(ErrorOf(() => loop.RunUntilComplete(Fail())));
        var future = loop.CreateFuture<Unit>();
        loop.CallSoon(() => { future.Cancel("m"); });
        trace(ErrorOf(() => loop.RunUntilComplete(future)));

        async Coroutine<string> Fine() => "usable afterwards";

        trace(loop.RunUntilComplete(Fine()));
        loop.Close();
    }

    [Scenario]
    public static void RunUntilCompleteStopsWithTheIterationAfterTheEnd(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine Body()
        {
            loop.CallSoon(() => trace("scheduled by the body"));
            trace("body");
        }

        async Coroutine Other()
        {
            for (var number = 0; number < 5; number++)
            {
                trace($"other {number}");
                await Aio.Sleep(0);
            }
        }

        loop.CreateTask(Other());
        var task = loop.CreateTask(Body());
        loop.RunUntilComplete(task);
        trace("complete");
        loop.RunUntilComplete(Spin(6));
        loop.Close();
    }

    [Scenario]
    public static void StoppedBeforeTheFutureCompleted(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        async Coroutine<string> Body()
        {
            loop.Stop();
            await Spin(2);
            return "finished later";
        }

        var task = loop.CreateTask(Body());
        trace(ErrorOf(() => loop.RunUntilComplete(task)));
        trace($"done {task.Done()}");
        trace(loop.RunUntilComplete(task));
        loop.Close();
    }

    [Scenario]
    public static void RunUntilCompleteWithAFutureOfAnotherLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        var other = Aio.NewEventLoop();
        var future = other.CreateFuture<Unit>();
        trace(ErrorOf(() => loop.RunUntilComplete(future)));
        loop.Close();
        other.Close();
    }

    [Scenario]
    public static async Coroutine RunningARunningLoopIsAnError(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var future = loop.CreateFuture<Unit>();
        trace(ErrorOf(() => loop.RunUntilComplete(future)));
        trace($"still running {Aio.GetRunningLoop() == loop}");
    }

    [Scenario]
    public static async Coroutine RunningAnotherLoopInsideALoopIsAnError(Trace trace)
    {
        var other = Aio.NewEventLoop();
        var future = other.CreateFuture<Unit>();
        trace(ErrorOf(() => other.RunUntilComplete(future)));
        trace($"other running {other.IsRunning}");
        other.Close();
    }

    [Scenario]
    public static void InterruptLeavesNoPendingStop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        var future = loop.CreateFuture<Unit>();

        void Interrupt() => throw new KeyboardInterruptException();

        loop.CallSoon(Interrupt);
        trace(ErrorOf(() => loop.RunUntilComplete(future)));
        future.SetResult(default);
        var counter = 0;

        void Count()
        {
            counter++;
            if (counter < 3)
            {
                loop.CallSoon(Count);
            }
            else
            {
                loop.Stop();
            }
        }

        loop.CallSoon(Count);
        loop.RunForever();
        trace($"counted {counter}");
        loop.Close();
    }

    [Scenario]
    public static void CrashedRunLeavesNoStaleCallbackOnTheFuture(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        var future = loop.CreateFuture<Unit>();

        void Interrupt() => throw new KeyboardInterruptException();

        loop.CallSoon(Interrupt);
        trace(ErrorOf(() => loop.RunUntilComplete(future)));

        async Coroutine<string> Body()
        {
            future.SetResult(default);
            await Spin(3);
            return "ran to its end";
        }

        trace(loop.RunUntilComplete(Body()));
        loop.Close();
    }

    [Scenario]
    public static void CallbacksBehindAnInterruptRunLater(Trace trace)
    {
        var loop = Aio.NewEventLoop();

        void Interrupt() => throw new KeyboardInterruptException();

        loop.CallSoon(() => trace("before"));
        loop.CallSoon(Interrupt);
        loop.CallSoon(() => trace("after"));
        trace(ErrorOf(loop.RunForever));
        loop.CallSoon(loop.Stop);
        loop.RunForever();
        loop.Close();
    }

    [Scenario]
    public static void ClosingALoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        loop.CallSoon(() => trace("never"));
        loop.CallLater(0, () => trace("never"));
        loop.Close();
        loop.Close();
        trace($"closed {loop.IsClosed}");
        trace($"call_soon: {ErrorOf(() => loop.CallSoon(Nothing))}");
        trace($"call_soon_threadsafe: {ErrorOf(() => loop.CallSoonThreadsafe(Nothing))}");
        trace($"call_later: {ErrorOf(() => loop.CallLater(1, Nothing))}");
        trace($"call_at: {ErrorOf(() => loop.CallAt(1, Nothing))}");
        trace($"run_forever: {ErrorOf(loop.RunForever)}");
        trace($"run_in_executor: {ErrorOf(() => loop.RunInExecutor(null, Nothing))}");
    }

    [Scenario]
    public static void ClosedLoopRefusesCoroutines(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        loop.Close();

        async Coroutine Body() => trace("never");

        var first = Body();
        trace($"create_task: {ErrorOf(() => loop.CreateTask(first))}");
        first.Close();
        var second = Body();
        trace($"run_until_complete: {ErrorOf(() => loop.RunUntilComplete(second))}");
        second.Close();
        trace($"ensure_future: {ErrorOf(() => Aio.EnsureFuture(Body(), loop: loop))}");
        trace($"tasks {Names(Aio.AllTasks(loop))}");
    }

    [Scenario]
    public static async Coroutine ClosingARunningLoopIsAnError(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        trace(ErrorOf(loop.Close));
        trace($"closed {loop.IsClosed}");
        await Aio.Sleep(0);
        trace("goes on");
    }

    private static void Nothing()
    {
    }
}
