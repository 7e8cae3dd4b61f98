namespace Asyncio.Conformance;

// Timeouts in timeouts, and around groups.
internal static partial class Timeouts
{
    [Scenario]
    public static async Coroutine InnerOfTwoFires(Trace trace)
    {
        AsyncTimeout outer = null!;
        AsyncTimeout inner = null!;
        await Aio.Timeout(60, async outerScope =>
        {
            outer = outerScope;
            try
            {
                await Aio.Timeout(0.01, async innerScope =>
                {
                    inner = innerScope;
                    await Forever();
                });
            }
            catch (TimeoutException error)
            {
                trace($"inner: {Kind(error)}");
            }

            await Aio.Sleep(0);
            trace("goes on");
        });
        trace($"outer expired {outer.Expired()} inner expired {inner.Expired()}");
    }

    [Scenario]
    public static async Coroutine OuterOfTwoFires(Trace trace)
    {
        AsyncTimeout outer = null!;
        AsyncTimeout inner = null!;
        try
        {
            await Aio.Timeout(0.01, async outerScope =>
            {
                outer = outerScope;
                try
                {
                    await Aio.Timeout(60, async innerScope =>
                    {
                        inner = innerScope;
                        await Forever();
                    });
                }
                catch (CancelledException error)
                {
                    trace($"between: {Kind(error)} requests {Requests()}");
                    throw;
                }
            });
        }
        catch (TimeoutException error)
        {
            trace($"outer: {Kind(error)}");
        }

        trace($"outer expired {outer.Expired()} inner expired {inner.Expired()}");
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine EqualDeadlinesFireTheOutermost(Trace trace)
    {
        var when = Aio.GetRunningLoop().Time() + 0.01;
        AsyncTimeout outer = null!;
        AsyncTimeout inner = null!;
        try
        {
            await TimeoutAt(when, async outerScope =>
            {
                outer = outerScope;
                try
                {
                    await TimeoutAt(when, async innerScope =>
                    {
                        inner = innerScope;
                        await Forever();
                    });
                }
                catch (CancelledException error)
                {
                    trace($"between: {Kind(error)} requests {Requests()}");
                    throw;
                }
            });
        }
        catch (TimeoutException error)
        {
            trace($"outer: {Kind(error)}");
        }

        trace($"outer expired {outer.Expired()} inner expired {inner.Expired()} requests {Requests()}");
    }

    [Scenario(OwnClock = true)]
    public static async Coroutine BothDeadlinesPassWhileTheLoopIsBusy(Trace trace)
    {
        AsyncTimeout outer = null!;
        AsyncTimeout inner = null!;
        try
        {
            await Aio.Timeout(0.03, async outerScope =>
            {
                outer = outerScope;
                try
                {
                    await Aio.Timeout(0.01, async innerScope =>
                    {
                        inner = innerScope;
                        Work(0.05);
                        await Aio.Sleep(60);
                    });
                }
                catch (CancelledException error)
                {
                    trace($"between: {Kind(error)} requests {Requests()}");
                    throw;
                }
                catch (TimeoutException)
                {
                    trace("never");
                }
            });
        }
        catch (TimeoutException error)
        {
            trace($"outer: {Kind(error)}");
        }

        trace($"outer expired {outer.Expired()} inner expired {inner.Expired()}");
    }

    [Scenario]
    public static async Coroutine InnerFiresThenTheBodyIsBusyPastTheOuter(Trace trace)
    {
        AsyncTimeout outer = null!;
        AsyncTimeout inner = null!;
        try
        {
            await Aio.Timeout(60, async outerScope =>
            {
                outer = outerScope;
                try
                {
                    await Aio.Timeout(0.01, async innerScope =>
                    {
                        inner = innerScope;
                        await Aio.Sleep(60);
                    });
                }
                catch (TimeoutException error)
                {
                    trace($"inner: {Kind(error)}");
                }

                outer.Reschedule(Aio.GetRunningLoop().Time() + 0.01);
                Thread.Sleep(30);
                await Aio.Sleep(60);
                trace("never");
            });
        }
        catch (TimeoutException error)
        {
            trace($"outer: {Kind(error)}");
        }

        trace($"outer expired {outer.Expired()} inner expired {inner.Expired()}");
    }

    [Scenario]
    public static async Coroutine OuterFiresWhileTheInnerCleansUp(Trace trace)
    {
        try
        {
            await Aio.Timeout(60, async outer =>
            {
                try
                {
                    await Aio.Timeout(0.01, async () =>
                    {
                        try
                        {
                            await Forever();
                        }
                        finally
                        {
                            trace("inner cleanup");
                            outer.Reschedule(Aio.GetRunningLoop().Time());
                            await Forever();
                        }
                    });
                }
                catch (CancelledException error)
                {
                    trace($"between: {Kind(error)} requests {Requests()}");
                    throw;
                }
                catch (TimeoutException)
                {
                    trace("never");
                }
            });
        }
        catch (TimeoutException error)
        {
            trace($"outer: {Kind(error)}");
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine TimeoutAroundAGroup(Trace trace)
    {
        async Coroutine Work(string name)
        {
            try
            {
                await Forever();
            }
            finally
            {
                trace($"{name} ends");
            }
        }

        try
        {
            await Aio.Timeout(0.01, async () =>
            {
                await TaskGroup.Run(async group => { _ = group.CreateTask(Work("child")); });
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine TimeoutAroundAGroupWhoseChildFailsWhenCancelled(Trace trace)
    {
        async Coroutine Work()
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                throw new ArgumentException("cleanup");
            }
        }

        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(0.01, async it =>
            {
                scope = it;
                await TaskGroup.Run(async group => { _ = group.CreateTask(Work()); });
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"expired {scope.Expired()} requests {Requests()}");
    }
}
