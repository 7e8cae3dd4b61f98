namespace Asyncio.Conformance;

// Cancelled, timed out, abandoned.
internal static partial class AsyncGenerators
{
    [Scenario]
    public static async Coroutine CancelledInsideTheGenerator(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                try
                {
                    await Aio.Sleep(60);
                }
                catch (CancelledException error) // C# allows no `yield return` in a `try` that catches
                {
                    trace($"generator: {Kind(error)}");
                    throw;
                }

                yield return 2;
            }
            finally
            {
                trace("generator finally");
            }
        }

        async Coroutine Consumer()
        {
            try
            {
                await foreach (var number in Numbers())
                {
                    trace($"got {number}");
                }
            }
            finally
            {
                trace("consumer finally");
            }
        }

        var task = Aio.CreateTask(Consumer());
        await Spin(4);
        task.Cancel("m");
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine CancelledInTheBodyOfTheLoop(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                trace("never");
            }
            finally
            {
                trace("generator finally");
            }
        }

        async Coroutine Consumer()
        {
            await foreach (var number in Numbers())
            {
                trace($"got {number}");
                try
                {
                    await Aio.Sleep(60);
                }
                finally
                {
                    trace("body interrupted");
                }
            }
        }

        var task = Aio.CreateTask(Consumer());
        await Spin(4);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine GeneratorThatSwallowsACancellation(Trace trace)
    {
        async IAsyncEnumerable<string> Numbers()
        {
            try
            {
                await Aio.Sleep(60);
            }
            catch (CancelledException)
            {
                trace("swallowed");
            }

            yield return "still here";
        }

        async Coroutine<string> Consumer()
        {
            await foreach (var item in Numbers())
            {
                trace($"got {item}");
            }

            return "end";
        }

        var task = Aio.CreateTask(Consumer());
        await Spin(4);
        task.Cancel();
        trace(await Attempt(task));
    }

    [Scenario]
    public static async Coroutine TimeoutAroundALoop(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                await Aio.Sleep(60);
            }
            finally
            {
                trace("generator finally");
            }
        }

        try
        {
            await Aio.Timeout(0.02, async () =>
            {
                await foreach (var number in Numbers())
                {
                    trace($"got {number}");
                }
            });
        }
        catch (TimeoutException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static void AbandonedGeneratorIsClosedAtTheShutdown(Trace trace)
    {
        var kept = new List<IAsyncEnumerator<int>>();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                yield return 2;
            }
            finally
            {
                await Aio.Sleep(0);
                trace("closed");
            }
        }

        async Coroutine Main()
        {
            kept.Add(Aio.Iterate(Numbers()).GetAsyncEnumerator());
            trace($"got {await Next(kept[0])}");
            trace("main ends");
        }

        Aio.Run(Main());
        trace("run ends");
    }

    [Scenario]
    public static void SeveralAbandonedGeneratorsAreClosed(Trace trace)
    {
        var kept = new List<IAsyncEnumerator<int>>();
        var closed = new List<string>();

        async IAsyncEnumerable<int> Numbers(string name)
        {
            try
            {
                yield return 1;
            }
            finally
            {
                await Aio.Sleep(0);
                closed.Add(name);
            }
        }

        async Coroutine Main()
        {
            foreach (var name in new[] { "a", "b", "c" })
            {
                kept.Add(Aio.Iterate(Numbers(name)).GetAsyncEnumerator());
                await Next(kept[^1]);
            }
        }

        Aio.Run(Main());
        trace($"closed {Show(closed.Order(StringComparer.Ordinal))}");
    }

    [Scenario]
    public static void FailingCleanupAtTheShutdownIsReported(Trace trace)
    {
        var kept = new List<IAsyncEnumerator<int>>();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                throw new DivideByZeroException();
            }
        }

        async Coroutine<string> Main()
        {
            Aio.GetRunningLoop().SetExceptionHandler((_, context) => trace(Describe(context)));
            kept.Add(Aio.Iterate(Numbers()).GetAsyncEnumerator());
            await Next(kept[0]);
            return "result";
        }

        trace(Aio.Run(Main()));
    }

    [Scenario]
    public static async Coroutine ShutdownOfTheGeneratorsByHand(Trace trace)
    {
        var loop = Aio.GetRunningLoop();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                trace("closed");
            }
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
        await Next(generator);
        await loop.ShutdownAsyncgens();
        trace("shut down");
        while (await generator.MoveNextAsync())
        {
            trace("never");
        }

        trace("nothing more");
    }

    [Scenario]
    public static void GeneratorsThatAnIdleLoopLeftOpen(Trace trace)
    {
        var loop = Aio.NewEventLoop();
        TraceErrors(trace, loop);
        var kept = new List<IAsyncEnumerator<int>>();

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                trace("closed");
            }
        }

        async Coroutine Main()
        {
            kept.Add(Aio.Iterate(Numbers()).GetAsyncEnumerator());
            await Next(kept[0]);
        }

        loop.RunUntilComplete(Main());
        loop.RunUntilComplete(Spin(3));
        trace("still open");
        loop.RunUntilComplete(loop.ShutdownAsyncgens());
        loop.Close();
    }
}
