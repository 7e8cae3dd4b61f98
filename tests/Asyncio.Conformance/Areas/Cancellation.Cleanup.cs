namespace Asyncio.Conformance;

// Cleaning up, messages, and what several tasks see of one cancellation.
internal static partial class Cancellation
{
    [Scenario]
    public static async Coroutine CancellationIsDeliveredOnceSoCleanupMayAwait(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace("cleanup starts");
                await Aio.Sleep(0);
                await Aio.Sleep(0.001);
                trace("cleanup ends");
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine SecondRequestInterruptsTheCleanup(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace("cleanup starts");
                try
                {
                    await Forever();
                    trace("never");
                }
                finally
                {
                    trace("cleanup interrupted");
                }
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("first");
        await Spin(2);
        task.Cancel("second");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine FailureInTheCleanupReplacesTheCancellation(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            finally
            {
                throw new ArgumentException("cleanup failed");
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel();
        trace(await Attempt(task));
        trace($"cancelled {task.Cancelled()} requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellationTranslatedIntoAnotherException(Trace trace)
    {
        async Coroutine Body()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                throw new InvalidOperationException("translated", error);
            }
        }

        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0);
        task.Cancel("original");
        trace(await Attempt(task));
        trace($"cause {Kind(task.Exception()!.InnerException)}");
        trace($"cause of the cause {Kind(task.Exception()!.InnerException!.InnerException)}");
    }

    [Scenario]
    public static async Coroutine MessagesComeOutOfTheResult(Trace trace)
    {
        async Coroutine Body() => await Forever();

        foreach (var message in new object?[] { "text", 5, null })
        {
            var task = Aio.CreateTask(Body());
            await Aio.Sleep(0);
            task.Cancel(message);
            await Aio.Wait([task]);
            trace(ErrorOf(task.Result));
        }
    }

    [Scenario]
    public static async Coroutine MessagesComeOutOfTheException(Trace trace)
    {
        async Coroutine Body() => await Forever();

        foreach (var message in new object?[] { "text", 5, null })
        {
            var task = Aio.CreateTask(Body());
            await Aio.Sleep(0);
            task.Cancel(message);
            await Aio.Wait([task]);
            trace(ErrorOf(task.Exception));
        }
    }

    [Scenario]
    public static async Coroutine MessageReachesTheInnermostCoroutine(Trace trace)
    {
        async Coroutine Inner()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"inner: {Kind(error)}");
                throw;
            }
        }

        async Coroutine Middle() => await Aio.CreateTask(Inner());

        var task = Aio.CreateTask(Middle());
        await Spin(2);
        task.Cancel("hello");
        trace($"outer: {await Attempt(task)}");
    }

    [Scenario]
    public static async Coroutine CancellingAWaiterOfASharedFutureCancelsAll(Trace trace)
    {
        var shared = Forever();

        async Coroutine Waiter(string name)
        {
            try
            {
                await shared;
            }
            catch (CancelledException error)
            {
                trace($"{name}: {Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
                throw;
            }
        }

        var first = Aio.CreateTask(Waiter("a"));
        var second = Aio.CreateTask(Waiter("b"));
        await Aio.Sleep(0);
        second.Cancel("b only");
        await Spin(2);
        trace($"{Outcome(first)}, {Outcome(second)}, {Outcome(shared)}");
    }

    [Scenario]
    public static async Coroutine CancellingAWaiterOfASharedTaskCancelsAll(Trace trace)
    {
        async Coroutine Work() => await Forever();

        var shared = Aio.CreateTask(Work());

        async Coroutine Waiter(string name)
        {
            try
            {
                await shared;
            }
            finally
            {
                trace($"{name}: requests {Aio.CurrentTask()!.Cancelling()}");
            }
        }

        var first = Aio.CreateTask(Waiter("a"));
        var second = Aio.CreateTask(Waiter("b"));
        await Spin(2);
        first.Cancel();
        trace($"b: {await Attempt(second)}");
        trace($"a: {Outcome(first)}");
        trace($"shared: {Outcome(shared)} requests {shared.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancellationsArriveInTheOrderOfTheRequests(Trace trace)
    {
        async Coroutine Body(string name)
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace(name);
            }
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Body(name))).ToList();
        await Aio.Sleep(0);
        foreach (var number in new[] { 2, 0, 1 })
        {
            tasks[number].Cancel();
        }

        trace("requested");
        foreach (var task in tasks)
        {
            await Attempt(task);
        }
    }

    [Scenario]
    public static async Coroutine CancelWhileTheAwaitedTaskIsAlreadyDone(Trace trace)
    {
        async Coroutine<string> Inner()
        {
            await Aio.Sleep(0);
            return "inner result";
        }

        async Coroutine Outer(AsyncTask<string> task)
        {
            await task;
            trace("never");
        }

        var nested = Aio.CreateTask(Inner());
        var task = Aio.CreateTask(Outer(nested));
        await Spin(2);
        trace($"inner {Outcome(nested)}, outer {Outcome(task)}");
        trace($"cancel: {task.Cancel()}");
        trace(await Attempt(task));
        trace($"inner {Outcome(nested)}");
    }

    [Scenario]
    public static async Coroutine RequestToATaskWhoseInnerTaskIsCleaningUp(Trace trace)
    {
        async Coroutine Inner()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException first)
            {
                trace($"inner: {Kind(first)}");
                try
                {
                    await Forever();
                }
                catch (CancelledException second)
                {
                    trace($"inner again: {Kind(second)}");
                    throw;
                }
            }
        }

        async Coroutine Outer() => await Aio.CreateTask(Inner());

        var task = Aio.CreateTask(Outer());
        await Spin(2);
        task.Cancel("one");
        await Spin(2);
        trace($"outer done {task.Done()}");
        task.Cancel("two");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine CancelOfATaskThatAwaitsTheCancellerEndsBoth(Trace trace)
    {
        var tasks = new List<AsyncTask>();

        async Coroutine A() => await tasks[1];

        async Coroutine B()
        {
            await Aio.Sleep(0);
            trace($"cancel: {tasks[0].Cancel("round trip")}");
            try
            {
                await Aio.Sleep(0);
            }
            catch (CancelledException error)
            {
                trace($"b: {Kind(error)} requests {Aio.CurrentTask()!.Cancelling()}");
                throw;
            }
        }

        tasks.Add(Aio.CreateTask(A()));
        tasks.Add(Aio.CreateTask(B()));
        trace($"a: {await Attempt(tasks[0])}");
        trace($"b cancelled {tasks[1].Cancelled()}");
    }

    [Scenario]
    public static async Coroutine MessageOfACancelledTaskIsGivenOutOnce(Trace trace)
    {
        async Coroutine Body() => await Forever();

        var task = Aio.CreateTask(Body());

        async Coroutine Waiter(string name) => trace($"{name}: {await Attempt(task)}");

        var waiters = new[] { "a", "b" }.Select(name => Aio.CreateTask(Waiter(name))).ToList();
        await Aio.Sleep(0);
        task.Cancel("x");
        foreach (var each in waiters)
        {
            await each;
        }

        trace($"result: {ErrorOf(task.Result)}");
    }

    [Scenario]
    public static void InterruptRaisedInTheCleanupLeavesTheLoop(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        TraceErrors(trace, loop);

        async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                trace("cleanup");
                throw new KeyboardInterruptException();
            }
        }

        async Coroutine Request(AsyncTask task)
        {
            await Aio.Sleep(0);
            task.Cancel();
            await Aio.Sleep(60);
        }

        var task = loop.CreateTask(Body());
        var canceller = loop.CreateTask(Request(task));
        trace(ErrorOf(() => loop.RunUntilComplete(canceller)));
        trace($"task {Kind(task.Exception())} cancelled {task.Cancelled()}");
        canceller.Cancel();
        trace(ErrorOf(() => loop.RunUntilComplete(canceller)));
        loop.Close();
    }
}
