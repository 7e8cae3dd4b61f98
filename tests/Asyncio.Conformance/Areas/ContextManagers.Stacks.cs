namespace Asyncio.Conformance;

// Stacks of exits.
internal static partial class ContextManagers
{
    [Scenario]
    public static async Coroutine StackUnwindsBackwards(Trace trace) => await AsyncExitStack.Run(async stack =>
    {
        foreach (var name in new[] { "a", "b" })
        {
            trace($"got {await stack.EnterAsync(new Manager(trace, name))}");
        }

        stack.PushCallback(async () => trace("callback"));
        trace("inside");
    });

    [Scenario]
    public static async Coroutine StackWithAFailure(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a"));
                await stack.EnterAsync(new Manager(trace, "b"));
                throw new ArgumentException(null);
            });
        }
        catch (ArgumentException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine StackSwallowsInTheMiddle(Trace trace)
    {
        await AsyncExitStack.Run(async stack =>
        {
            await stack.EnterAsync(new Manager(trace, "a"));
            await stack.EnterAsync(new Manager(trace, "b", swallow: true));
            await stack.EnterAsync(new Manager(trace, "c"));
            throw new ArgumentException(null);
        });
        trace("goes on");
    }

    [Scenario]
    public static async Coroutine StackExitFailsAndTheOthersRun(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a"));
                await stack.EnterAsync(new Manager(trace, "b", fail: new KeyNotFoundException()));
                await stack.EnterAsync(new Manager(trace, "c"));
                throw new ArgumentException(null);
            });
        }
        catch (Exception error)
        {
            trace(Instead(error));
        }
    }

    [Scenario]
    public static async Coroutine StackExitFailsAfterSuccess(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a"));
                await stack.EnterAsync(new Manager(trace, "b", fail: new KeyNotFoundException()));
            });
        }
        catch (Exception error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine StackFailureOfAnExitIsSwallowedBelow(Trace trace)
    {
        await AsyncExitStack.Run(async stack =>
        {
            await stack.EnterAsync(new Manager(trace, "a", swallow: true));
            await stack.EnterAsync(new Manager(trace, "b", fail: new KeyNotFoundException()));
            throw new ArgumentException(null);
        });
        trace("goes on");
    }

    [Scenario]
    public static async Coroutine StackTwoExitsFail(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a", fail: new DivideByZeroException()));
                await stack.EnterAsync(new Manager(trace, "b", fail: new KeyNotFoundException()));
                throw new ArgumentException(null);
            });
        }
        catch (Exception error)
        {
            trace($"{Kind(error)} instead of {Instead((Exception)error.Data["Asyncio.Superseded"]!)}");
        }
    }

    [Scenario]
    public static async Coroutine StackSwallowThenFail(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a", fail: new KeyNotFoundException()));
                await stack.EnterAsync(new Manager(trace, "b", swallow: true));
                throw new ArgumentException(null);
            });
        }
        catch (Exception error)
        {
            trace(Instead(error));
        }
    }

    [Scenario]
    public static async Coroutine StackMoved(Trace trace)
    {
        var kept = await AsyncExitStack.Run(async stack =>
        {
            await stack.EnterAsync(new Manager(trace, "a"));
            var moved = stack.PopAll();
            await stack.EnterAsync(new Manager(trace, "b"));
            return moved;
        });
        trace("first unwound");
        await kept.CloseAsync();
        await kept.CloseAsync();
    }

    [Scenario]
    public static async Coroutine StackThatFailsHalfWay(Trace trace)
    {
        try
        {
            await AsyncExitStack.Run(async stack =>
            {
                await stack.EnterAsync(new Manager(trace, "a"));
                await stack.EnterAsync(new Broken(trace, "b"));
                trace("never");
            });
        }
        catch (ArgumentException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine StackExitsAreTold(Trace trace)
    {
        await AsyncExitStack.Run(async stack =>
        {
            stack.PushExit(Told);
            stack.PushExit(Told);
            throw new ArgumentException(null);
        });
        trace($"goes on {Show(true)}");

        async Coroutine<bool> Told(Exception? error)
        {
            trace($"told {Kind(error)}");
            return error is not null;
        }
    }

    [Scenario]
    public static async Coroutine StackCancelled(Trace trace) => trace(await AttemptCancelled(() => TwoManagers(trace), iterations: 5));

    [Scenario]
    public static async Coroutine StackCancelledAgainWhileItUnwinds(Trace trace)
    {
        var task = Aio.CreateTask(TwoManagers(trace));
        await Spin(5);
        task.Cancel("first");
        await Spin(1);
        task.Cancel("second");
        trace(await Attempt(task));
    }

    private static Coroutine TwoManagers(Trace trace) => AsyncExitStack.Run(async stack =>
    {
        await stack.EnterAsync(new Manager(trace, "a"));
        await stack.EnterAsync(new Manager(trace, "b"));
        await Aio.Sleep(3600);
    });
}
