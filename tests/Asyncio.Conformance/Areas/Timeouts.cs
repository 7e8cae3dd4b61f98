namespace Asyncio.Conformance;

/// <summary>Timeouts: deadlines, conversion, nesting, rescheduling, what is counted and given back.</summary>
[Area("timeouts")]
internal static partial class Timeouts
{
    private static Future<string> Forever() => Aio.GetRunningLoop().CreateFuture<string>();

    private static int Requests() => Aio.CurrentTask()!.Cancelling();

    /// <summary><c>async with timeout_at(when)</c>: in C# only the flat spelling has it, the exact one moves the deadline first.</summary>
    private static Coroutine TimeoutAt(double when, Func<AsyncTimeout, Coroutine> body) =>
        Aio.Timeout(double.PositiveInfinity, scope =>
        {
            scope.Reschedule(when);
            return body(scope);
        });

    /// <summary>No deadline is none in Python, infinite here.</summary>
    private static string Deadline(AsyncTimeout scope) => double.IsPositiveInfinity(scope.When()) ? "none" : $"{scope.When()}";

    [Scenario]
    public static async Coroutine BodyInTime(Trace trace)
    {
        AsyncTimeout scope = null!;
        await Aio.Timeout(60, async it =>
        {
            scope = it;
            await Aio.Sleep(0);
            trace($"inside: expired {scope.Expired()}");
        });
        trace($"after: expired {scope.Expired()} requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine BodyTooLate(Trace trace)
    {
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(0.01, async it =>
            {
                scope = it;
                try
                {
                    await Forever();
                }
                catch (CancelledException error)
                {
                    trace($"inside: {Kind(error)} expired {scope.Expired()} requests {Requests()}");
                    throw;
                }
            });
        }
        catch (TimeoutException error)
        {
            trace($"outside: {Kind(error)}");
        }

        trace($"after: expired {scope.Expired()} requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine CauseOfTheTimeoutIsTheCancellation(Trace trace)
    {
        try
        {
            await Aio.Timeout(0.01, async () => { await Forever(); });
        }
        catch (TimeoutException error)
        {
            trace($"{Kind(error)} because of {Kind(error.InnerException)}");
        }
    }

    [Scenario]
    public static async Coroutine WithoutADeadline(Trace trace)
    {
        AsyncTimeout scope = null!;
        await Aio.Timeout(double.PositiveInfinity, async it =>
        {
            scope = it;
            trace($"deadline {Deadline(scope)}");
            await Aio.Sleep(0.01);
        });
        trace($"expired {scope.Expired()}");
        await TimeoutAt(double.PositiveInfinity, async it => trace($"deadline {Deadline(it)}"));
    }

    [Scenario]
    public static async Coroutine DeadlineOfATimeout(Trace trace)
    {
        var loop = Aio.GetRunningLoop();
        var before = loop.Time();
        var deadline = 0.0;
        AsyncTimeout scope = null!;
        await Aio.Timeout(60, async it =>
        {
            scope = it;
            trace($"in its bounds {before + 60 <= scope.When() && scope.When() <= loop.Time() + 60}");
            deadline = scope.When();
        });
        trace($"kept {scope.When() == deadline}");
        await TimeoutAt(before + 30, async it => trace($"absolute {it.When() == before + 30}"));
    }

    [Scenario]
    public static async Coroutine DeadlineIsComputedAtTheCall(Trace trace)
    {
        // Here it is computed at the await, which traces the same.
        var scope = Aio.Timeout(0.01, async () =>
        {
            trace("entered");
            await Aio.Sleep(60);
            trace("never");
        });
        await Aio.Sleep(0.03);
        try
        {
            await scope;
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine ZeroInterruptsEvenASleepOfZero(Trace trace)
    {
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(0, async it =>
            {
                scope = it;
                await Aio.Sleep(0);
                trace("never");
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace($"expired {scope.Expired()}");
    }

    [Scenario]
    public static async Coroutine PastInterruptsEvenASleepOfZero(Trace trace)
    {
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(-5, async it =>
            {
                scope = it;
                await Aio.Sleep(0);
                trace("never");
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        trace($"expired {scope.Expired()}");
        try
        {
            await TimeoutAt(Aio.GetRunningLoop().Time() - 1, async _ =>
            {
                await Aio.Sleep(0);
                trace("never");
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine ZeroSparesABodyThatDoesNotSuspend(Trace trace)
    {
        AsyncTimeout scope = null!;
        await Aio.Timeout(0, async it =>
        {
            scope = it;
            trace("body");
        });
        trace($"expired {scope.Expired()}");
        await Aio.Sleep(0);
        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine ZeroFiresOnTheNextIteration(Trace trace)
    {
        var ticks = Aio.CreateTask(Ticker(trace, 4));
        try
        {
            await Aio.Timeout(0, async () => { await Forever(); });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }

        await ticks;
    }

    [Scenario]
    public static async Coroutine BodyThatSwallowsTheCancellation(Trace trace)
    {
        AsyncTimeout scope = null!;
        await Aio.Timeout(0.01, async it =>
        {
            scope = it;
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                trace($"swallowed, requests {Requests()}");
            }
        });
        trace($"expired {scope.Expired()} requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine BodyThatFailsWhenInterrupted(Trace trace)
    {
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(0.01, async it =>
            {
                scope = it;
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw new DivideByZeroException();
                }
            });
        }
        catch (DivideByZeroException error)
        {
            trace(Kind(error));
        }

        trace($"expired {scope.Expired()} requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine TimeoutRaisedByTheBodyItself(Trace trace)
    {
        AsyncTimeout scope = null!;
        try
        {
            await Aio.Timeout(60, async it =>
            {
                scope = it;
                throw new TimeoutException("the body's own");
            });
        }
        catch (TimeoutException error)
        {
            trace($"{Kind(error)} because of {Kind(error.InnerException)} expired {scope.Expired()}");
        }
    }

    [Scenario]
    public static async Coroutine CleanupOfTheBodyIsWaitedFor(Trace trace)
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
                    trace("cleanup starts");
                    await Aio.Sleep(0.01);
                    trace("cleanup ends");
                }
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine EnteringTwiceIsAnError(Trace trace)
    {
        Coroutine scope = default;
        scope = Aio.Timeout(60, async () =>
        {
            try
            {
                await scope;
                trace("never");
            }
            catch (InvalidOperationException error)
            {
                trace($"nested: {Kind(error)}");
            }
        });
        await scope;
        try
        {
            await scope;
            trace("never");
        }
        catch (InvalidOperationException error)
        {
            trace($"afterwards: {Kind(error)}");
        }
    }

    [Scenario]
    public static async Coroutine EnteringOutsideATaskIsAnError(Trace trace)
    {
        void Callback() => trace(ErrorOf(() => Aio.Timeout(1)));

        Aio.GetRunningLoop().CallSoon(Callback);
        await Aio.Sleep(0);
    }

    [Scenario]
    public static void WithoutARunningLoop(Trace trace) => trace(ErrorOf(() => Aio.Timeout(1)));
}
