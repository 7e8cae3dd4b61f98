namespace Asyncio.Conformance;

// The task of the group is cancelled from outside.
internal static partial class TaskGroups
{
    [Scenario]
    public static async Coroutine CancellingTheParentCancelsTheChildren(Trace trace)
    {
        async Coroutine Parent() => await TaskGroup.Run(async group => { _ = group.CreateTask(Hang(trace, "child")); });

        var task = Aio.CreateTask(Parent());
        await Spin(2);
        var ticks = Aio.CreateTask(Ticker(trace, 5));
        task.Cancel("outside");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancellingTheParentInItsBody(Trace trace)
    {
        async Coroutine Parent() => await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Hang(trace, "child"));
            try
            {
                await Forever();
            }
            catch (CancelledException error)
            {
                trace($"body: {Kind(error)}");
                throw;
            }
        });

        var task = Aio.CreateTask(Parent());
        await Spin(2);
        task.Cancel("outside");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine FailuresDuringTheCancellationOutrankIt(Trace trace)
    {
        async Coroutine Child()
        {
            try
            {
                await Forever();
            }
            finally
            {
                throw new ArgumentException();
            }
        }

        async Coroutine Parent()
        {
            try
            {
                await TaskGroup.Run(async group =>
                {
                    _ = group.CreateTask(Child());
                    await Forever();
                });
            }
            catch (ExceptionGroup error)
            {
                trace($"{Kind(error)} requests {Requests()}");
                try
                {
                    await Forever();
                }
                catch (CancelledException later)
                {
                    trace($"next await: {Kind(later)}");
                    throw;
                }
            }
        }

        var task = Aio.CreateTask(Parent());
        await Spin(2);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine FailureAfterTheParentWasCancelled(Trace trace)
    {
        async Coroutine Child()
        {
            try
            {
                await Forever();
            }
            finally
            {
                await Spin(2);
                throw new ArgumentException();
            }
        }

        async Coroutine Parent() => await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child());
            await Forever();
        });

        var task = Aio.CreateTask(Parent());
        await Spin(2);
        task.Cancel();
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine FailureAndCancellationOfTheParentInOneIteration(Trace trace)
    {
        async Coroutine Parent()
        {
            try
            {
                await TaskGroup.Run(async group =>
                {
                    _ = group.CreateTask(Fail(new ArgumentException(), 1));
                    try
                    {
                        await Forever();
                    }
                    finally
                    {
                        trace($"body cancelled, requests {Requests()}");
                    }
                });
            }
            catch (ExceptionGroup error)
            {
                trace($"{Kind(error)} requests {Requests()}");
            }

            try
            {
                await Aio.Sleep(0);
                trace("never");
            }
            catch (CancelledException error)
            {
                trace($"next await: {Kind(error)} requests {Requests()}");
                throw;
            }
        }

        var task = Aio.CreateTask(Parent());
        await Spin(3);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancellingTheParentAgainWhileItIsLeaving(Trace trace)
    {
        var gate = Forever();

        async Coroutine Child()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace("child cancelled");
                try
                {
                    await gate;
                    trace("child cleaned up");
                }
                catch (CancelledException)
                {
                    trace("never");
                }
            }
        }

        async Coroutine Parent() => await TaskGroup.Run(async group => { _ = group.CreateTask(Child()); });

        var task = Aio.CreateTask(Parent());
        await Spin(2);
        task.Cancel("first");
        await Spin(3);
        task.Cancel("second");
        await Spin(3);
        trace($"done {task.Done()} requests {task.Cancelling()}");
        gate.SetResult("");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancellingTheParentWhileAFailureIsBeingHandled(Trace trace)
    {
        var gate = Forever();

        async Coroutine Child()
        {
            try
            {
                await Forever();
            }
            finally
            {
                await gate;
                trace("child cleaned up");
            }
        }

        async Coroutine Parent() => await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Child());
            _ = group.CreateTask(Fail(new ArgumentException()));
        });

        var task = Aio.CreateTask(Parent());
        await Spin(5);
        task.Cancel();
        await Spin(2);
        trace($"done {task.Done()}");
        gate.SetResult("");
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }

    [Scenario]
    public static async Coroutine BodyThatRaisesACancellationItself(Trace trace)
    {
        async Coroutine Parent() => await TaskGroup.Run(async group =>
        {
            _ = group.CreateTask(Hang(trace, "child"));
            await Aio.Sleep(0);
            throw new CancelledException("own");
        });

        var task = Aio.CreateTask(Parent());
        trace(await Attempt(task));
        trace($"requests {task.Cancelling()}");
    }
}
