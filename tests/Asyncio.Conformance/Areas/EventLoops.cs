namespace Asyncio.Conformance;

/// <summary>The event loop: timers, stop, run_until_complete, close, the exception handler, threads, debug mode.</summary>
[Area("event_loop")]
internal static partial class EventLoops
{
    [Scenario(OwnClock = true)]
    public static async Coroutine TimersFireInTheOrderOfTheirDeadlines(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var done = loop.CreateFuture<Unit>();
        loop.CallLater(0.06, () => done.SetResult(default));
        foreach (var (delay, name) in new[] { (0.045, "third"), (0.015, "first"), (0.03, "second") })
        {
            loop.CallLater(delay, () => trace(name));
        }

        await done;
        trace("end");
    }

    [Scenario]
    public static async Coroutine TimersAtAbsoluteTimes(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var done = loop.CreateFuture<Unit>();
        var now = loop.Time();
        loop.CallAt(now + 0.05, () => done.SetResult(default));
        loop.CallAt(now + 0.035, () => trace("second"));
        loop.CallAt(now + 0.02, () => trace("first"));
        loop.CallAt(now - 5, () => trace("past"));
        await done;
        trace("end");
    }

    [Scenario]
    public static async Coroutine TimersWithNegativeDelays(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        // In hundreds: a busy machine may take a while from one call to the next.
        loop.CallLater(-100, () => trace("minus one"));
        loop.CallLater(-200, () => trace("minus two"));
        loop.CallLater(-150, () => trace("minus one and a half"));
        await Spin(2);
        trace("end");
    }

    [Scenario]
    public static async Coroutine OverdueTimersFireInTheOrderOfTheirDeadlines(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        foreach (var (delay, name) in new[] { (0.03, "c"), (0.01, "a"), (0.02, "b") })
        {
            loop.CallLater(delay, () => trace(name));
        }

        Thread.Sleep(50);
        loop.CallSoon(() => trace("ready"));
        await Aio.Sleep(0);
        trace("main");
        await Aio.Sleep(0);
        trace("end");
    }

    [Scenario]
    public static async Coroutine CancelledTimerNeverFires(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var handle = loop.CallLater(0.01, () => trace("never"));
        trace($"cancelled {handle.Cancelled()}");
        handle.Cancel();
        handle.Cancel();
        trace($"cancelled {handle.Cancelled()}");
        await Aio.Sleep(0.03);
        trace("end");
    }

    [Scenario]
    public static async Coroutine TimerCancelledByATimerDueInTheSameIteration(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var handles = new List<TimerHandle>();

        void Cancel()
        {
            trace("cancels");
            handles[0].Cancel();
        }

        loop.CallLater(0.01, Cancel);
        handles.Add(loop.CallLater(0.02, () => trace("never")));
        Thread.Sleep(40);
        await Spin(20); // not 2: while there is work the clock is read every 16 handles only
        trace("end");
    }

    [Scenario]
    public static async Coroutine TimeOfATimer(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var when = loop.Time() + 60;
        var handle = loop.CallAt(when, () => trace("never"));
        trace($"kept {handle.When() == when}");
        handle.Cancel();
        var before = loop.Time();
        handle = loop.CallLater(30, () => trace("never"));
        trace($"in its bounds {before + 30 <= handle.When() && handle.When() <= loop.Time() + 30}");
        handle.Cancel();
    }

    [Scenario]
    public static async Coroutine ManyCancelledTimersDoNotDisturb(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var handles = Enumerable.Range(0, 300).Select(_ => loop.CallLater(0.01, () => trace("never"))).ToList();
        foreach (var handle in handles)
        {
            handle.Cancel();
        }

        loop.CallLater(0.02, () => trace("the only one"));
        await Aio.Sleep(0.05);
        trace("end");
    }
}
