namespace Asyncio.Conformance;

/// <summary>Context managers from functions and iterators, and stacks of exits.</summary>
[Area("context_managers")]
internal static partial class ContextManagers
{
    private class Manager(Trace trace, string name, bool swallow = false, Exception? fail = null) : IAsyncContextManager<string>
    {
        public virtual async Coroutine<string> EnterAsync()
        {
            await Aio.Sleep(0);
            trace($"enter {name}");
            return name;
        }

        public async Coroutine<bool> ExitAsync(Exception? error)
        {
            await Aio.Sleep(0);
            trace($"exit {name}: {Kind(error)}");
            return fail is null ? swallow : throw fail;
        }
    }

    private sealed class Broken(Trace trace, string name) : Manager(trace, name)
    {
        public override async Coroutine<string> EnterAsync() => throw new ArgumentException(null);
    }

    private static IAsyncContextManager<string> Bracket(Trace trace, string name)
    {
        return AsyncContextManager.Create(Body);

        async IAsyncEnumerable<string> Body()
        {
            trace($"before {name}");
            await Aio.Sleep(0);
            try
            {
                yield return name;
            }
            finally
            {
                await Aio.Sleep(0);
                trace($"finally {name}");
            }

            trace($"after {name}");
        }
    }

    private static string Instead(Exception error) => $"{Kind(error)} instead of {Kind((Exception?)error.Data["Asyncio.Superseded"])}";

    [Scenario]
    public static async Coroutine EntersRunsLeaves(Trace trace) =>
        await Aio.With(new Manager(trace, "a"), async value => trace($"inside {value}"));

    [Scenario]
    public static async Coroutine IteratorOnSuccess(Trace trace) =>
        await Aio.With(Bracket(trace, "a"), async value => trace($"inside {value}"));

    [Scenario]
    public static async Coroutine IteratorOnFailureRunsOnlyWhatIsFinally(Trace trace)
    {
        try
        {
            await Aio.With(Bracket(trace, "a"), async () => throw new ArgumentException(null));
        }
        catch (ArgumentException error)
        {
            trace($"outside: {Kind(error)}");
        }
    }

    [Scenario]
    public static async Coroutine IteratorThatYieldsNothing(Trace trace)
    {
        try
        {
            await Aio.With(AsyncContextManager.Create(Empty), async () => trace("never"));
        }
        catch (InvalidOperationException error)
        {
            trace(Kind(error));
        }

        async IAsyncEnumerable<int> Empty()
        {
            trace("body");
            yield break;
        }
    }

    [Scenario]
    public static async Coroutine IteratorThatYieldsTwice(Trace trace)
    {
        try
        {
            await Aio.With(AsyncContextManager.Create(Twice), async value => trace($"inside {value}"));
        }
        catch (InvalidOperationException error)
        {
            trace(Kind(error));
        }

        async IAsyncEnumerable<int> Twice()
        {
            try
            {
                yield return 1;
                yield return 2;
            }
            finally
            {
                trace("closed");
            }
        }
    }

    [Scenario]
    public static async Coroutine IteratorThatFailsBeforeItsYield(Trace trace)
    {
        try
        {
            await Aio.With(AsyncContextManager.Create(Failing), async () => trace("never"));
        }
        catch (ArgumentException error)
        {
            trace(Kind(error));
        }

        async IAsyncEnumerable<int> Failing()
        {
            try
            {
                throw new ArgumentException(null);
                yield return 1;
            }
            finally
            {
                trace("finally");
            }
        }
    }

    [Scenario]
    public static async Coroutine FailureWhileLeavingTakesThePlace(Trace trace)
    {
        try
        {
            await Aio.With(new Manager(trace, "a", fail: new KeyNotFoundException()), async () => throw new ArgumentException(null));
        }
        catch (Exception error)
        {
            trace(Instead(error));
        }
    }

    [Scenario]
    public static async Coroutine FailureToEnterLeavesNothing(Trace trace)
    {
        try
        {
            await Aio.With(new Broken(trace, "a"), async () => trace("never"));
        }
        catch (ArgumentException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine Swallowed(Trace trace)
    {
        await Aio.With(new Manager(trace, "a", swallow: true), async () => throw new ArgumentException(null));
        trace("goes on");
    }

    [Scenario]
    public static async Coroutine CancelledInside(Trace trace) =>
        trace(await AttemptCancelled(() => Aio.With(new Manager(trace, "a"), async () => await Aio.Sleep(3600))));

    [Scenario]
    public static async Coroutine CancelledInsideAnIterator(Trace trace) =>
        trace(await AttemptCancelled(() => Aio.With(Bracket(trace, "a"), async () => await Aio.Sleep(3600))));

    [Scenario]
    public static async Coroutine CancelledWhileEntering(Trace trace)
    {
        trace(await AttemptCancelled(() => Aio.With(AsyncContextManager.Create(Slow), async () => trace("never"))));

        async IAsyncEnumerable<int> Slow()
        {
            try
            {
                await Aio.Sleep(3600);
                yield return 1;
            }
            finally
            {
                trace("finally");
            }
        }
    }

    [Scenario]
    public static async Coroutine CancellationSwallowed(Trace trace)
    {
        async Coroutine Main()
        {
            await Aio.With(new Manager(trace, "a", swallow: true), async () => await Aio.Sleep(3600));
            trace("goes on");
        }

        trace(await AttemptCancelled(Main, message: null));
    }

    [Scenario]
    public static async Coroutine TimeoutInsideIsTold(Trace trace)
    {
        try
        {
            await Aio.Timeout(0.01, () => Aio.With(new Manager(trace, "a"), async () => await Aio.Sleep(3600)));
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    private sealed class Resource(Trace trace) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            trace("closed");
            return default;
        }
    }

    [Scenario]
    public static async Coroutine ClosingAndNull(Trace trace)
    {
        await Aio.With(AsyncContextManager.Closing(new Resource(trace)), async () => trace("inside"));
        await Aio.With(AsyncContextManager.Null(5), async value => trace($"null {value}"));
    }

    private static async Coroutine<string> AttemptCancelled(Func<Coroutine> main, string? message = "stop", int iterations = 3)
    {
        var task = Aio.CreateTask(main());
        await Spin(iterations);
        task.Cancel(message);
        return await Attempt(task);
    }
}
