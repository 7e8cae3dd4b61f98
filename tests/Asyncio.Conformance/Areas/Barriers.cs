namespace Asyncio.Conformance;

/// <summary>Barriers: filling, draining, resetting, aborting, and cancelled parties.</summary>
[Area("barriers")]
internal static partial class Barriers
{
    private static async Coroutine Party(AsyncBarrier barrier, Trace trace, string name)
    {
        try
        {
            var index = await barrier.WaitAsync();
            trace($"{name} passes with {index}");
        }
        catch (BrokenBarrierException error)
        {
            trace($"{name}: {Kind(error)}");
        }
    }

    private static string Describe(AsyncBarrier barrier) => $"parties {barrier.Parties} waiting {barrier.Waiting} broken {barrier.IsBroken}";

    [Scenario]
    public static async Coroutine NumberOfParties(Trace trace)
    {
        trace($"zero: {ErrorOf(() => new AsyncBarrier(0))}");
        trace($"negative: {ErrorOf(() => new AsyncBarrier(-1))}");
        trace(Describe(new AsyncBarrier(3)));
    }

    [Scenario]
    public static async Coroutine SinglePartyNeverWaits(Trace trace)
    {
        var barrier = new AsyncBarrier(1);
        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        trace($"index {await barrier.WaitAsync()}");
        trace($"index {await barrier.WaitAsync()}");
        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine PartiesPassTogether(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        trace(Describe(barrier));
        await Party(barrier, trace, "c");
        foreach (var task in tasks)
        {
            await task;
        }

        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine BarrierIsUsedAgain(Trace trace)
    {
        var barrier = new AsyncBarrier(2);

        async Coroutine Walker(string name)
        {
            for (var lap = 0; lap < 3; lap++)
            {
                var index = await barrier.WaitAsync();
                trace($"{name} lap {lap} index {index}");
            }
        }

        await Aio.GatherAll([Walker("a"), Walker("b")]);
        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine AsAScope(Trace trace)
    {
        var barrier = new AsyncBarrier(2);

        async Coroutine Walker(string name)
        {
            var index = await barrier.WaitAsync(); // a barrier is no scope here: nothing happens at its end
            trace($"{name} inside with {index}");
        }

        await Aio.GatherAll([Walker("a"), Walker("b")]);
    }

    [Scenario]
    public static async Coroutine NobodyIsWaitingWhileItDrains(Trace trace)
    {
        var barrier = new AsyncBarrier(3);

        async Coroutine Walker(string name)
        {
            await barrier.WaitAsync();
            trace($"{name} leaves, waiting {barrier.Waiting}");
        }

        var tasks = new[] { "a", "b", "c" }.Select(name => Aio.CreateTask(Walker(name))).ToList();
        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine NewcomerWaitsUntilItHasDrained(Trace trace)
    {
        var barrier = new AsyncBarrier(2);
        var first = Aio.CreateTask(Party(barrier, trace, "a"));
        await Spin(2);
        var second = Aio.CreateTask(Party(barrier, trace, "b"));
        var third = Aio.CreateTask(Party(barrier, trace, "c"));
        await Spin(8);
        trace($"third {Outcome(third)}, {Describe(barrier)}");
        await Party(barrier, trace, "d");
        foreach (var task in new[] { first, second, third })
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine FiveThroughABarrierOfTwo(Trace trace)
    {
        var barrier = new AsyncBarrier(2);
        var tasks = new[] { "a", "b", "c", "d", "e" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(20);
        trace($"{Describe(barrier)} done {Show(tasks.Select(task => task.Done()))}");
        await Party(barrier, trace, "f");
        foreach (var task in tasks)
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine IterationsOfPassing(Trace trace)
    {
        var barrier = new AsyncBarrier(2);
        var task = Aio.CreateTask(Party(barrier, trace, "first"));
        await Spin(2);
        var ticks = Aio.CreateTask(Ticker(trace, 4));
        await Party(barrier, trace, "second");
        await task;
        await ticks;
    }

    [Scenario]
    public static async Coroutine CancelledPartyLowersTheCount(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        trace(Describe(barrier));
        tasks[1].Cancel();
        trace(await Attempt(tasks[1]));
        trace(Describe(barrier));
        var more = new[] { "c", "d" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        foreach (var task in more.Prepend(tasks[0]))
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine IndicesRepeatAfterACancelledParty(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        tasks[0].Cancel();
        await Spin(2);
        var more = new[] { "c", "d" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        foreach (var task in more.Prepend(tasks[1]))
        {
            await task;
        }
    }

    [Scenario]
    public static async Coroutine CancelledPartyWhileDraining(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        await Party(barrier, trace, "c");
        tasks[0].Cancel();
        foreach (var task in tasks)
        {
            trace(await Attempt(task));
        }

        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine ResetOfAnIdleBarrier(Trace trace)
    {
        var barrier = new AsyncBarrier(2);
        await barrier.ResetAsync();
        trace(Describe(barrier));
        await Aio.GatherAll([Party(barrier, trace, "a"), Party(barrier, trace, "b")]);
    }

    [Scenario]
    public static async Coroutine ResetWhilePartiesWait(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        await barrier.ResetAsync();
        trace($"reset, {Describe(barrier)}");
        foreach (var task in tasks)
        {
            await task;
        }

        trace(Describe(barrier));
        await Aio.GatherAll([Party(barrier, trace, "c"), Party(barrier, trace, "d"), Party(barrier, trace, "e")]);
    }

    [Scenario]
    public static async Coroutine ArrivalDuringAResetWaitsForItsEnd(Trace trace)
    {
        var barrier = new AsyncBarrier(2);
        var first = Aio.CreateTask(Party(barrier, trace, "a"));
        await Spin(2);
        await barrier.ResetAsync();
        var second = Aio.CreateTask(Party(barrier, trace, "b"));
        var third = Aio.CreateTask(Party(barrier, trace, "c"));
        foreach (var task in new[] { first, second, third })
        {
            await task;
        }

        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine ResetWhileItDrains(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        await Party(barrier, trace, "c");
        await barrier.ResetAsync();
        trace("reset");
        foreach (var task in tasks)
        {
            await task;
        }

        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine AbortBreaksItForThoseWhoWaitAndThoseWhoCome(Trace trace)
    {
        var barrier = new AsyncBarrier(3);
        var tasks = new[] { "a", "b" }.Select(name => Aio.CreateTask(Party(barrier, trace, name))).ToList();
        await Spin(2);
        await barrier.AbortAsync();
        trace(Describe(barrier));
        foreach (var task in tasks)
        {
            await task;
        }

        await Party(barrier, trace, "late");
        trace(Describe(barrier));
    }

    [Scenario]
    public static async Coroutine AbortThenResetThenUse(Trace trace)
    {
        var barrier = new AsyncBarrier(2);

        async Coroutine Failing()
        {
            try
            {
                throw new DivideByZeroException();
            }
            catch (DivideByZeroException error)
            {
                trace(Kind(error));
                await barrier.AbortAsync();
            }
        }

        var task = Aio.CreateTask(Party(barrier, trace, "a"));
        await Spin(2);
        await Failing();
        await task;
        trace(Describe(barrier));
        await barrier.ResetAsync();
        trace(Describe(barrier));
        await Aio.GatherAll([Party(barrier, trace, "b"), Party(barrier, trace, "c")]);
    }
}
