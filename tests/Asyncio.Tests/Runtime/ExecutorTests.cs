using System.Collections.Concurrent;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary><c>RunInExecutor</c> and <c>ToThread</c>, seen from the loop.</summary>
public class ExecutorTests
{
    [Fact]
    public void A_function_runs_in_a_thread_of_the_default_executor_from_the_call_on() => Aio.Run(async () =>
    {
        using var began = new ManualResetEventSlim();
        var future = Aio.GetRunningLoop().RunInExecutor(null, () =>
        {
            began.Set();
            return (Thread.CurrentThread.Name, Thread.CurrentThread.IsBackground, EventLoop.Running, SynchronizationContext.Current);
        });
        Assert.True(began.Wait(OnLoop.Hang)); // before anything was awaited
        Assert.Equal(("asyncio_0", true, null, null), await future);
    });

    [Fact]
    public void Its_exception_comes_to_the_await_with_its_stack() => Aio.Run(async () =>
    {
        var error = await Catch<FormatException>(Aio.GetRunningLoop().RunInExecutor(null, (Action)Fail).AsCoroutine());
        Assert.Contains(nameof(Fail), error.StackTrace);
        error = await Catch<FormatException>(Aio.ToThread(Fail).AsCoroutine());
        Assert.Contains(nameof(Fail), error.StackTrace);
    });

    [Fact]
    public void A_cancellation_of_the_functions_own_making_is_a_failure() => Aio.Run(async () =>
    {
        var future = Aio.GetRunningLoop().RunInExecutor(null, (Action)(() => throw new OperationCanceledException()));
        await Catch<OperationCanceledException>(future.AsCoroutine());
        Assert.True(future.IsFaulted);
    });

    [Fact]
    public void ToThread_starts_nothing_before_the_await() => Aio.Run(async () =>
    {
        var calls = 0;
        var coroutine = Aio.ToThread(() => { Interlocked.Increment(ref calls); });
        await Aio.Sleep(0.02);
        Assert.Equal(0, calls);
        await coroutine;
        Assert.Equal(1, calls);
        Aio.ToThread(() => { calls++; }).Close();
        Assert.Equal(5, await Aio.ToThread(() => 5));
    });

    [Fact]
    public void Cancelled_while_it_runs_the_await_ends_at_once_and_the_result_is_dropped() => Aio.Run(async () =>
    {
        using var began = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var reports = new List<ExceptionContext>();
        Aio.GetRunningLoop().SetExceptionHandler((_, context) => reports.Add(context));
        var task = Aio.CreateTask(Aio.ToThread(() =>
        {
            began.Set();
            end.Wait();
            return 5;
        }));
        await Aio.Sleep(0);
        began.Wait();
        task.Cancel();
        await Catch<CancelledException>(task.AsCoroutine());
        Assert.True(task.IsCanceled);
        end.Set();
        await Aio.Sleep(0.02);
        Assert.Empty(reports);
    });

    [Fact]
    public void The_error_of_one_whose_caller_was_cancelled_is_reported() => Aio.Run(async () =>
    {
        using var began = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var reports = new List<ExceptionContext>();
        var loop = Aio.GetRunningLoop();
        loop.SetExceptionHandler((_, context) => reports.Add(context));
        var future = loop.RunInExecutor(null, () =>
        {
            began.Set();
            end.Wait();
            Fail();
        });
        began.Wait();
        Assert.True(future.Cancel());
        Assert.True(future.IsCanceled);
        Assert.False(future.Cancel());
        end.Set();
        await OnLoop.Until(() => reports.Count == 1);
        Assert.IsType<FormatException>(reports[0].Exception);
    });

    [Fact]
    public void One_that_has_not_begun_never_does_when_it_is_cancelled() => Aio.Run(async () =>
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        using var end = new ManualResetEventSlim();
        var loop = Aio.GetRunningLoop();
        var calls = new ConcurrentQueue<int>();
        var blocker = loop.RunInExecutor(executor, end.Wait);
        var futures = Enumerable.Range(0, 10).Select(i => loop.RunInExecutor(executor, () => calls.Enqueue(i))).ToList();
        foreach (var (future, i) in futures.Select((future, i) => (future, i)))
        {
            if (i % 2 == 0)
            {
                Assert.True(future.Cancel());
            }
        }

        end.Set();
        await blocker;
        foreach (var future in futures.Where(future => !future.IsCanceled))
        {
            await future;
        }

        Assert.Equal([1, 3, 5, 7, 9], calls);
    });

    [Fact]
    public void A_late_result_is_ignored_once_the_loop_is_closed()
    {
        using var executor = new ThreadPoolExecutor();
        using var end = new ManualResetEventSlim();
        using var logs = new RecordingLogs();
        var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        var future = loop.RunInExecutor(executor, end.Wait);
        var failing = loop.RunInExecutor(executor, () =>
        {
            end.Wait();
            Fail();
        });
        loop.Close();
        end.Set();
        executor.Shutdown();
        Assert.False(future.IsCompleted);
        Assert.False(failing.IsCompleted);
        Assert.Empty(logs.Entries);
    }

    [Fact]
    public void After_its_shutdown_the_default_executor_is_refused() => Aio.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        await loop.ShutdownDefaultExecutor();
        Assert.Equal("Executor shutdown has been called.", Assert.Throws<InvalidOperationException>(() => loop.RunInExecutor(null, () => 1)).Message);
        using var own = new ThreadPoolExecutor();
        Assert.Equal(1, await loop.RunInExecutor(own, () => 1));
    });

    [Fact]
    public void The_shutdown_waits_for_what_runs() => Aio.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var ended = false;
        var future = loop.RunInExecutor(null, () =>
        {
            Thread.Sleep(30);
            ended = true;
        });
        await loop.ShutdownDefaultExecutor(OnLoop.Hang);
        Assert.True(ended);
        Assert.True(future.IsCompletedSuccessfully);
    });

    [Fact]
    public void A_shutdown_that_takes_too_long_gives_up_with_a_warning()
    {
        using var logs = new RecordingLogs();
        using var end = new ManualResetEventSlim();
        using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        var future = loop.RunInExecutor(null, end.Wait);
        loop.RunUntilComplete(loop.ShutdownDefaultExecutor(0.02));
        Assert.Contains("did not finish joining its threads within 0.02 seconds", Assert.Single(logs.Warnings));
        Assert.False(future.IsCompleted);
        end.Set();
        loop.RunUntilComplete(future); // what ran is not lost
    }

    [Fact]
    public void The_default_executor_can_be_set_and_ends_with_the_loop()
    {
        var executor = new ThreadPoolExecutor(threadNamePrefix: "mine");
        var name = Aio.Run(async () =>
        {
            Aio.GetRunningLoop().SetDefaultExecutor(executor);
            return await Aio.ToThread(() => Thread.CurrentThread.Name);
        });
        Assert.Equal("mine_0", name);
        Action submit = () => executor.Submit(() => 1);
        Assert.Throws<InvalidOperationException>(submit);
    }

    [Fact]
    public void Any_executor_will_do() => Aio.Run(async () =>
    {
        using var executor = new Inline();
        Assert.Equal(Environment.CurrentManagedThreadId, await Aio.GetRunningLoop().RunInExecutor(executor, () => Environment.CurrentManagedThreadId));
        await Catch<FormatException>(Aio.GetRunningLoop().RunInExecutor(executor, (Action)Fail).AsCoroutine());
    });

    [Fact]
    public void MapAsync_gives_the_results_in_the_order_of_the_items() => Aio.Run(async () =>
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 4);
        var results = new List<int>();
        await foreach (var result in executor.MapAsync(Square, Enumerable.Range(0, 20)))
        {
            results.Add(result);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * i), results);

        static int Square(int i)
        {
            Thread.Sleep(i % 3);
            return i * i;
        }
    });

    [Fact]
    public void MapAsync_reads_no_further_ahead_than_it_may() => Aio.Run(async () =>
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 2);
        var read = 0;
        await foreach (var result in executor.MapAsync(i => i, Source(), bufferSize: 3))
        {
            Assert.InRange(read - result, 1, 3);
            if (result == 50)
            {
                break; // the source is endless
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => executor.MapAsync(i => i, Source(), bufferSize: 0));

        IEnumerable<int> Source()
        {
            while (true)
            {
                yield return read++;
            }
        }
    });

    [Fact]
    public void MapAsync_that_is_cancelled_ends_at_once_and_withdraws_the_rest() => Aio.Run(async () =>
    {
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        using var end = new ManualResetEventSlim();
        var calls = 0;
        var task = Aio.CreateTask(Enumerate());
        await OnLoop.Until(() => Volatile.Read(ref calls) > 0);
        task.Cancel();
        await Catch<CancelledException>(task.AsCoroutine());
        end.Set();
        executor.Shutdown();
        Assert.Equal(1, calls);

        async Coroutine Enumerate()
        {
            await foreach (var _ in executor.MapAsync(Work, Enumerable.Range(0, 10)))
            {
            }
        }

        int Work(int i)
        {
            Interlocked.Increment(ref calls);
            end.Wait();
            return i;
        }
    });

    private static void Fail() => throw new FormatException();

    private static async Coroutine<TException> Catch<TException>(Coroutine coroutine)
        where TException : Exception => await Catch<TException, Unit>(coroutine.AsCoroutine());

    private static async Coroutine<TException> Catch<TException>(Coroutine<Unit> coroutine)
        where TException : Exception => await Catch<TException, Unit>(coroutine);

    private static async Coroutine<TException> Catch<TException>(Coroutine<int> coroutine)
        where TException : Exception => await Catch<TException, int>(coroutine);

    private static async Coroutine<TException> Catch<TException, T>(Coroutine<T> coroutine)
        where TException : Exception
    {
        try
        {
            await coroutine;
        }
        catch (TException e)
        {
            return e;
        }

        throw new InvalidOperationException($"No {typeof(TException).Name} was thrown.");
    }

    /// <summary>A third party's: the smallest there can be.</summary>
    private sealed class Inline : Executor
    {
        public override Task<T> Submit<T>(Func<T> function, CancellationToken cancellationToken = default)
        {
            try
            {
                return Task.FromResult(function());
            }
            catch (Exception e)
            {
                return Task.FromException<T>(e);
            }
        }

        public override void Shutdown(bool wait = true, bool cancelFutures = false)
        {
        }
    }
}
