namespace Asyncio.Conformance;

// Children and bodies that fail.
internal static partial class TaskGroups
{
    [Scenario]
    public static async Coroutine FailingChildCancelsItsSiblingsAndTheBody(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Fail(new ArgumentException(), 1));
                _ = group.CreateTask(Hang(trace, "sibling"));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    trace($"body cancelled, requests {Requests()}");
                    throw;
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine IterationsOfAFailure(Trace trace)
    {
        var ticks = Aio.CreateTask(Ticker(trace, 7));
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Hang(trace, "sibling"));
                _ = group.CreateTask(Fail(new ArgumentException()));
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        await ticks;
    }

    [Scenario]
    public static async Coroutine SeveralFailuresAreGroupedInTheOrderOfCompletion(Trace trace)
    {
        async Coroutine FailWhenCancelled(Exception error)
        {
            try
            {
                await Forever();
            }
            finally
            {
                throw error;
            }
        }

        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(FailWhenCancelled(new KeyNotFoundException()));
                _ = group.CreateTask(Fail(new ArgumentException(), 1));
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine FailuresInOneIterationAreAllGrouped(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                foreach (var error in new Exception[] { new ArgumentException(), new KeyNotFoundException(), new DivideByZeroException() })
                {
                    _ = group.CreateTask(Fail(error));
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine ChildThatIsCancelledByItselfIsNoError(Trace trace)
    {
        AsyncTask<string> victim = null!;
        AsyncTask<string> other = null!;
        await TaskGroup.Run(async group =>
        {
            victim = group.CreateTask(Hang(trace, "victim"));
            other = group.CreateTask(Give("other", 3));
            await Aio.Sleep(0);
            victim.Cancel();
            await Spin(2);
            trace("body goes on");
        });
        trace($"{Outcome(victim)}, {Outcome(other)} requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine ChildThatRaisesACancellationIsNoError(Trace trace)
    {
        AsyncTask<string> task = null!;
        await TaskGroup.Run(async group => { task = group.CreateTask(Fail(new CancelledException())); });
        trace(Outcome(task));
    }

    [Scenario]
    public static async Coroutine FailingBodyCancelsTheChildren(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Hang(trace, "child"));
                await Aio.Sleep(0);
                throw new DivideByZeroException();
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine FailingBodyBeforeTheChildrenStarted(Trace trace)
    {
        async Coroutine Child() => trace("never");

        AsyncTask task = null!;
        try
        {
            await TaskGroup.Run(async group =>
            {
                task = group.CreateTask(Child());
                throw new DivideByZeroException();
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace(Outcome(task));
    }

    [Scenario]
    public static async Coroutine FailingBodyComesAfterTheFailuresOfChildren(Trace trace)
    {
        async Coroutine FailWhenCancelled()
        {
            try
            {
                await Forever();
            }
            finally
            {
                throw new KeyNotFoundException();
            }
        }

        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(FailWhenCancelled());
                await Aio.Sleep(0);
                throw new DivideByZeroException();
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine BodyThatTranslatesTheCancellation(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Fail(new ArgumentException(), 1));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw new KeyNotFoundException();
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine BodyThatSwallowsTheCancellation(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Fail(new ArgumentException(), 1));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    trace("swallowed");
                }

                trace("body goes on");
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine InterruptInTheBodyComesOutBare(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                _ = group.CreateTask(Hang(trace, "child"));
                await Aio.Sleep(0);
                throw new KeyboardInterruptException();
            });
        }
        catch (KeyboardInterruptException error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static async Coroutine FailingScopeInsideTheBody(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                await using (new Scope())
                {
                    _ = group.CreateTask(Fail(new ArgumentException()));
                    await Forever();
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }

        trace($"requests {Requests()}");
    }

    [Scenario]
    public static async Coroutine FailingChildThatWasAlsoAwaitedByTheBody(Trace trace)
    {
        try
        {
            await TaskGroup.Run(async group =>
            {
                var task = group.CreateTask(Fail(new ArgumentException()));
                try
                {
                    await task;
                }
                catch (ArgumentException)
                {
                    trace("handled");
                }
                catch (CancelledException)
                {
                    trace("cancelled while awaiting");
                    throw;
                }
            });
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    /// <summary>Raises on its exit.</summary>
    private sealed class Scope : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => throw new KeyNotFoundException("on the exit");
    }
}
