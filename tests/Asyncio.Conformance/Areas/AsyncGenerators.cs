namespace Asyncio.Conformance;

/// <summary>
/// Async generators: when their bodies run, how they end, what closes them. Here they are <see cref="IAsyncEnumerable{T}"/>, and
/// <c>await foreach</c> is both the loop and its <c>aclosing</c>.
/// </summary>
[Area("async_generators")]
internal static partial class AsyncGenerators
{
    /// <summary><c>aclose()</c>.</summary>
    private static async Coroutine Close<T>(IAsyncEnumerator<T> generator) => await generator.DisposeAsync();

    [Scenario]
    public static async Coroutine BodyStartsWithTheFirstItem(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            trace("body starts");
            yield return 1;
            trace("between");
            yield return 2;
            trace("body ends");
        }

        var generator = Numbers();
        trace("called");
        await foreach (var number in generator)
        {
            trace($"got {number}");
        }

        trace("end");
    }

    [Scenario]
    public static async Coroutine GeneratorThatDoesNotSuspendDoesNotYieldToTheLoop(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            for (var number = 0; number < 3; number++)
            {
                yield return number;
            }
        }

        Aio.GetRunningLoop().CallSoon(() => trace("callback"));
        await foreach (var number in Numbers())
        {
            trace($"got {number}");
        }

        await Aio.Sleep(0);
    }

    [Scenario]
    public static async Coroutine GeneratorThatAwaits(Trace trace)
    {
        var queue = new AsyncQueue<string?>();

        async IAsyncEnumerable<string> Items()
        {
            while (true)
            {
                var item = await queue.GetAsync();
                if (item is null)
                {
                    yield break;
                }

                yield return item;
            }
        }

        foreach (var item in new[] { "a", "b", null })
        {
            Aio.GetRunningLoop().CallSoon(() => queue.PutNowait(item));
        }

        await foreach (var item in Items())
        {
            trace($"got {item}");
        }

        trace("end");
    }

    [Scenario]
    public static async Coroutine GeneratorInAGenerator(Trace trace)
    {
        async IAsyncEnumerable<int> Inner()
        {
            for (var number = 0; number < 3; number++)
            {
                await Aio.Sleep(0);
                yield return number;
            }
        }

        async IAsyncEnumerable<int> Outer()
        {
            await foreach (var number in Inner())
            {
                yield return number * 10;
            }
        }

        var results = new List<int>();
        await foreach (var number in Outer())
        {
            results.Add(number);
        }

        trace($"results {Show(results)}");
    }

    [Scenario]
    public static async Coroutine FailureInTheGeneratorReachesTheConsumer(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
                throw new DivideByZeroException();
            }
            finally
            {
                trace("generator finally");
            }
        }

        try
        {
            await foreach (var number in Numbers())
            {
                trace($"got {number}");
            }
        }
        catch (DivideByZeroException error)
        {
            trace($"consumer caught {Kind(error)}");
        }
    }

    [Scenario]
    public static async Coroutine ClosingRunsTheCleanup(Trace trace)
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
                trace("finally");
                await Aio.Sleep(0);
                trace("finally after a suspension");
            }
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
        trace($"got {await Next(generator)}");
        await generator.DisposeAsync();
        trace("closed");
        await generator.DisposeAsync();
        trace("closed twice");
    }

    [Scenario]
    public static async Coroutine ClosingOneThatNeverStartedRunsNothing(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                trace("never");
                yield return 1;
            }
            finally
            {
                trace("never either");
            }
        }

        await Aio.Iterate(Numbers()).GetAsyncEnumerator().DisposeAsync();
        trace("closed");
    }

    [Scenario]
    public static async Coroutine ClosingOneThatHasEnded(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            yield return 1;
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
        while (await generator.MoveNextAsync())
        {
            trace($"got {generator.Current}");
        }

        await generator.DisposeAsync();
        while (await generator.MoveNextAsync())
        {
            trace("never");
        }

        trace("closed");
    }

    [Scenario]
    public static async Coroutine FailingCleanupComesOutOfTheClosing(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                throw new KeyNotFoundException("cleanup");
            }
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
        await Next(generator);
        trace(await Attempt(Close(generator)));
    }

    [Scenario]
    public static async Coroutine LeavingALoopEarlyInsideAScopeCloses(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                for (var number = 0; number < 10; number++)
                {
                    yield return number;
                }
            }
            finally
            {
                trace("closed");
            }
        }

        await foreach (var number in Numbers())
        {
            trace($"got {number}");
            if (number == 1)
            {
                break;
            }
        }

        trace("left");
    }

    [Scenario]
    public static async Coroutine ItemsCanBeFetchedOneByOne(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            for (var number = 0; number < 4; number++)
            {
                yield return number;
            }
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
        trace($"fetched {await Next(generator)}");
        trace($"fetched {await Next(generator)}");
        while (await generator.MoveNextAsync())
        {
            trace($"loop {generator.Current}");
        }
    }

    [Scenario]
    public static async Coroutine GeneratorHandedFromTaskToTask(Trace trace)
    {
        async IAsyncEnumerable<int> Numbers()
        {
            for (var number = 0; number < 4; number++)
            {
                await Aio.Sleep(0);
                yield return number;
            }
        }

        var generator = Aio.Iterate(Numbers()).GetAsyncEnumerator();

        async Coroutine Take(string name)
        {
            for (var turn = 0; turn < 2; turn++)
            {
                trace($"{name} got {await Next(generator)}");
            }
        }

        await Aio.CreateTask(Take("a"));
        await Aio.CreateTask(Take("b"));
    }
}
