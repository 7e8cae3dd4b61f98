namespace Asyncio.Conformance;

/// <summary>Locks: FIFO hand-over, no barging, cancellation of waiters in every phase.</summary>
[Area("locks")]
internal static partial class Locks
{
    /// <summary>Acquires, holds for some iterations, releases.</summary>
    private static async Coroutine Take(AsyncLock mutex, Trace trace, string name, int turns = 0)
    {
        await mutex.AcquireAsync();
        trace($"{name} acquired");
        await Spin(turns);
        trace($"{name} releases");
        mutex.Release();
    }

    [Scenario]
    public static async Coroutine FreeLockIsAcquiredWithoutSuspending(Trace trace)
    {
        var mutex = new AsyncLock();
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"locked {mutex.Locked()}");
        trace($"acquired {Show(await mutex.AcquireAsync())}");
        trace($"locked {mutex.Locked()}");
        mutex.Release();
        trace($"locked {mutex.Locked()}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine ReleasingAFreeLockIsAnError(Trace trace)
    {
        var mutex = new AsyncLock();
        trace(ErrorOf(mutex.Release));
        await mutex.AcquireAsync();
        mutex.Release();
        trace(ErrorOf(mutex.Release));
    }

    [Scenario]
    public static async Coroutine ScopeReleasesOnEveryWayOut(Trace trace)
    {
        var mutex = new AsyncLock();
        using (await mutex.AcquireAsync())
        {
            trace($"inside: locked {mutex.Locked()}");
        }

        trace($"after: locked {mutex.Locked()}");
        try
        {
            using (await mutex.AcquireAsync())
            {
                throw new ArgumentException("v");
            }
        }
        catch (ArgumentException)
        {
            trace($"after a failure: locked {mutex.Locked()}");
        }
    }

    [Scenario]
    public static async Coroutine WaitersAreServedInOrder(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(mutex, trace, name, 1))).ToList();
        await Spin(2);
        trace("main releases");
        mutex.Release();
        foreach (var task in tasks)
        {
            await task;
        }

        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine LateArrivalDoesNotOvertake(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var first = Aio.CreateTask(Take(mutex, trace, "waiter"));
        await Aio.Sleep(0);
        mutex.Release();
        trace($"released, locked {mutex.Locked()}");
        await Take(mutex, trace, "newcomer");
        await first;
    }

    [Scenario]
    public static async Coroutine LockReleasedAndTakenAgainByItsHolder(Trace trace)
    {
        var mutex = new AsyncLock();

        async Coroutine Greedy()
        {
            for (var number = 0; number < 3; number++)
            {
                await mutex.AcquireAsync();
                trace($"greedy {number}");
                await Aio.Sleep(0);
                mutex.Release();
            }
        }

        var first = Aio.CreateTask(Greedy());
        var second = Aio.CreateTask(Take(mutex, trace, "modest"));
        await first;
        await second;
    }

    [Scenario]
    public static async Coroutine HandOverTakesOneIteration(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        var task = Aio.CreateTask(Take(mutex, trace, "waiter"));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        trace("main releases");
        mutex.Release();
        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine LockIsNotReentrant(Trace trace)
    {
        var mutex = new AsyncLock();
        using (await mutex.AcquireAsync())
        {
            try
            {
                await Aio.Timeout(0.01, async () =>
                {
                    await mutex.AcquireAsync();
                    trace("never");
                });
            }
            catch (TimeoutException error)
            {
                trace(Kind(error));
            }
        }

        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine AnyTaskMayRelease(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();

        async Coroutine Release()
        {
            mutex.Release();
            trace("released by another");
        }

        await Aio.CreateTask(Release());
        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static async Coroutine TimeoutOnAcquiring(Trace trace)
    {
        var mutex = new AsyncLock();
        await mutex.AcquireAsync();
        trace(await Attempt(Aio.WaitFor(mutex.AcquireAsync(), 0.01)));
        mutex.Release();
        trace(await Attempt(Aio.WaitFor(mutex.AcquireAsync(), 0.01)));
        trace($"locked {mutex.Locked()}");
    }

    [Scenario]
    public static void LockUsedUnderASecondLoop(Trace trace)
    {
        var mutex = new AsyncLock();

        async Coroutine Contend(bool firstTime)
        {
            await mutex.AcquireAsync();
            var waiter = Aio.CreateTask(mutex.AcquireAsync());
            await Aio.Sleep(0);
            if (firstTime)
            {
                mutex.Release();
            }

            trace(await Attempt(waiter));
            mutex.Release();
        }

        async Coroutine Uncontended()
        {
            using (await mutex.AcquireAsync())
            {
                trace("no need to wait");
            }
        }

        Aio.Run(Contend(true));
        Aio.Run(Uncontended());
        Aio.Run(Contend(false));
    }
}
