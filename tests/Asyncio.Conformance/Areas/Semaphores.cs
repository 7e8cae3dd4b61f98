namespace Asyncio.Conformance;

/// <summary>Semaphores: rotation, no barging, several releases, cancellation of waiters; the bounded kind.</summary>
[Area("semaphores")]
internal static partial class Semaphores
{
    private static async Coroutine Take(AsyncSemaphore semaphore, Trace trace, string name, int turns = 0)
    {
        await semaphore.AcquireAsync();
        trace($"{name} acquired");
        await Spin(turns);
        semaphore.Release();
    }

    [Scenario]
    public static async Coroutine ValueOfASemaphore(Trace trace)
    {
        trace($"negative: {ErrorOf(() => new AsyncSemaphore(-1))}");
        trace($"zero: locked {new AsyncSemaphore(0).Locked()}");
        trace($"one: locked {new AsyncSemaphore().Locked()}");
    }

    [Scenario]
    public static async Coroutine FreePermitsAreAcquiredWithoutSuspending(Trace trace)
    {
        var semaphore = new AsyncSemaphore(2);
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"acquired {Show(await semaphore.AcquireAsync())} locked {semaphore.Locked()}");
        trace($"acquired {Show(await semaphore.AcquireAsync())} locked {semaphore.Locked()}");
        semaphore.Release();
        trace($"released, locked {semaphore.Locked()}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine ReleasesHaveNoUpperBound(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        for (var turn = 0; turn < 3; turn++)
        {
            semaphore.Release();
        }

        for (var turn = 0; turn < 4; turn++)
        {
            await semaphore.AcquireAsync();
        }

        trace($"four acquired, locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine BoundedSemaphoreRefusesTooManyReleases(Trace trace)
    {
        var semaphore = new AsyncBoundedSemaphore(2);
        trace(ErrorOf(semaphore.Release));
        await semaphore.AcquireAsync();
        semaphore.Release();
        trace(ErrorOf(semaphore.Release));
        trace($"negative: {ErrorOf(() => new AsyncBoundedSemaphore(-1))}");
    }

    [Scenario]
    public static async Coroutine ScopeReleasesOnEveryWayOut(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        using (await semaphore.AcquireAsync())
        {
            trace($"inside: locked {semaphore.Locked()}");
        }

        try
        {
            using (await semaphore.AcquireAsync())
            {
                throw new ArgumentException("v");
            }
        }
        catch (ArgumentException)
        {
            trace($"after a failure: locked {semaphore.Locked()}");
        }
    }

    [Scenario]
    public static async Coroutine ConcurrencyIsLimited(Trace trace)
    {
        var semaphore = new AsyncSemaphore(2);
        var inside = new List<string>();
        var most = 0;

        async Coroutine Work(string name)
        {
            using (await semaphore.AcquireAsync())
            {
                inside.Add(name);
                most = Math.Max(most, inside.Count);
                trace($"{name} in, {inside.Count} inside");
                await Spin(2);
                inside.Remove(name);
            }
        }

        var tasks = new[] { "a", "b", "c", "d", "e" }.Select(name => Aio.CreateTask(Work(name))).ToList();
        foreach (var task in tasks)
        {
            await task;
        }

        trace($"at most {most}");
    }

    [Scenario]
    public static async Coroutine WaitersAreServedInOrder(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name))).ToList();
        await Aio.Sleep(0);
        semaphore.Release();
        foreach (var task in tasks)
        {
            await task;
        }

        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine RotationAmongThree(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        var order = new List<string>();

        async Coroutine Work(string name)
        {
            for (var turn = 0; turn < 3; turn++)
            {
                using (await semaphore.AcquireAsync())
                {
                    order.Add(name);
                    await Aio.Sleep(0);
                }
            }
        }

        await Aio.GatherAll([Work("a"), Work("b"), Work("c")]);
        trace($"order {Show(order)}");
    }

    [Scenario]
    public static async Coroutine ReleasingTaskCannotBarge(Trace trace)
    {
        var semaphore = new AsyncSemaphore(1);
        var order = new List<string>();

        async Coroutine Greedy()
        {
            for (var number = 0; number < 3; number++)
            {
                await semaphore.AcquireAsync();
                order.Add($"greedy{number}");
                semaphore.Release();
            }
        }

        await semaphore.AcquireAsync();
        var waiters = new[] { "a", "b" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name))).ToList();
        await Aio.Sleep(0);
        var task = Aio.CreateTask(Greedy());
        semaphore.Release();
        trace($"locked for newcomers {semaphore.Locked()}");
        foreach (var each in waiters.Append(task))
        {
            await each;
        }

        trace($"order {Show(order)}");
    }

    [Scenario]
    public static async Coroutine ReleaseHandsThePermitToTheWaiterAtOnce(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var task = Aio.CreateTask(Take(semaphore, trace, "waiter", 1));
        await Aio.Sleep(0);
        semaphore.Release();
        trace($"locked {semaphore.Locked()}");
        await Take(semaphore, trace, "newcomer");
        await task;
    }

    [Scenario]
    public static async Coroutine SeveralReleasesWakeSeveral(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Take(semaphore, trace, name, 3))).ToList();
        await Aio.Sleep(0);
        for (var turn = 0; turn < 3; turn++)
        {
            semaphore.Release();
        }

        trace($"locked {semaphore.Locked()}");
        await Aio.Sleep(0);
        trace("an iteration later");
        foreach (var task in tasks)
        {
            await task;
        }

        trace($"locked {semaphore.Locked()}");
    }

    [Scenario]
    public static async Coroutine MoreReleasesThanWaiters(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var task = Aio.CreateTask(Take(semaphore, trace, "a", 5));
        await Aio.Sleep(0);
        semaphore.Release();
        semaphore.Release();
        trace($"before the waiter ran: locked {semaphore.Locked()}");
        await Aio.Sleep(0);
        trace($"after: locked {semaphore.Locked()}");
        await Take(semaphore, trace, "b");
        await task;
    }

    [Scenario]
    public static async Coroutine HandOverTakesOneIteration(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);
        var task = Aio.CreateTask(Take(semaphore, trace, "waiter"));
        await Aio.Sleep(0);
        var ticks = Aio.CreateTask(Ticker(trace, 3));
        semaphore.Release();
        await task;
        await ticks;
    }

    [Scenario]
    public static void SemaphoreUsedUnderASecondLoop(Trace trace)
    {
        var semaphore = new AsyncSemaphore(0);

        async Coroutine Contend(bool release)
        {
            var waiter = Aio.CreateTask(semaphore.AcquireAsync());
            await Aio.Sleep(0);
            if (release)
            {
                semaphore.Release();
            }

            trace(await Attempt(waiter));
        }

        Aio.Run(Contend(true));
        Aio.Run(Contend(false));
    }
}
