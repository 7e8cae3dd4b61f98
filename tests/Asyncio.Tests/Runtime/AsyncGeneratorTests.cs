using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary><c>await foreach</c> and <c>await using</c> in coroutines, and enumerations that the loop closes.</summary>
public class AsyncGeneratorTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void A_body_may_await_ours_and_theirs() => Aio.Run(async () =>
    {
        var sum = 0;
        await foreach (var number in Numbers(5))
        {
            sum += number;
            await Aio.Sleep(0);
        }

        Assert.Equal(10, sum);
        Assert.Equal(["closed"], _log);
    });

    [Fact]
    public void It_runs_as_the_task_that_enumerates_on_its_thread() => Aio.Run(async () =>
    {
        var task = Aio.CurrentTask();
        var thread = Thread.CurrentThread;
        await foreach (var seen in Seen())
        {
            Assert.Equal((task, thread), seen);
        }

        static async IAsyncEnumerable<(IAsyncTask?, Thread)> Seen()
        {
            yield return (Aio.CurrentTask(), Thread.CurrentThread);
            await Aio.Sleep(0.001);
            yield return (Aio.CurrentTask(), Thread.CurrentThread);
            await Task.Delay(1);
            yield return (Aio.CurrentTask(), Thread.CurrentThread);
        }
    });

    [Fact]
    public void A_break_closes_it() => Aio.Run(async () =>
    {
        await foreach (var number in Numbers(100))
        {
            if (number == 2)
            {
                break;
            }
        }

        Assert.Equal(["closed"], _log);
    });

    [Fact]
    public void An_exception_of_the_loops_body_closes_it() => Aio.Run(async () =>
    {
        try
        {
            await foreach (var _ in Numbers(100))
            {
                throw new FormatException();
            }
        }
        catch (FormatException)
        {
            _log.Add("caught");
        }

        Assert.Equal(["closed", "caught"], _log);
    });

    [Fact]
    public void Its_own_exception_comes_to_the_enumerator() => Aio.Run(async () =>
    {
        try
        {
            await foreach (var number in Failing())
            {
                _log.Add(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        catch (FormatException)
        {
            _log.Add("caught");
        }

        Assert.Equal(["1", "caught"], _log);

        static async IAsyncEnumerable<int> Failing()
        {
            yield return 1;
            await Aio.Sleep(0);
            throw new FormatException();
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelled_in_the_middle_its_await_is_interrupted_and_it_is_closed(bool tracked) => Aio.Run(async () =>
    {
        var task = Aio.CreateTask(Enumerate());
        await Iterations(20);
        task.Cancel("stop");
        await Ended(task);
        Assert.True(task.IsCanceled);
        Assert.Equal(["1", "interrupted", "closed"], _log);

        async Coroutine Enumerate()
        {
            var source = Slow();
            await foreach (var number in tracked ? Aio.Iterate(source) : source)
            {
                _log.Add(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        async IAsyncEnumerable<int> Slow()
        {
            try
            {
                yield return 1;
                await Interruptible();
                yield return 2;
            }
            finally
            {
                await Aio.Sleep(0.001);
                _log.Add("closed");
            }
        }

        async Coroutine Interruptible()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            catch (CancelledException)
            {
                _log.Add("interrupted");
                throw;
            }
        }
    });

    [Fact]
    public void Cancelled_in_the_body_of_the_loop_it_is_closed() => Aio.Run(async () =>
    {
        var task = Aio.CreateTask(Enumerate());
        await Iterations(20);
        task.Cancel();
        await Ended(task);
        Assert.True(task.IsCanceled);
        Assert.Equal(["closed"], _log);

        async Coroutine Enumerate()
        {
            await foreach (var _ in Numbers(3))
            {
                await Aio.Sleep(3600);
            }
        }
    });

    [Fact]
    public void Await_using_disposes_with_awaits_of_ours() => Aio.Run(async () =>
    {
        await using (new Resource(_log))
        {
            await Aio.Sleep(0);
            _log.Add("used");
        }

        var task = Aio.CreateTask(Hold());
        await Iterations(2);
        task.Cancel();
        await Ended(task);
        Assert.True(task.IsCanceled);
        Assert.Equal(["used", "disposed", "disposed"], _log);

        async Coroutine Hold()
        {
            await using var resource = new Resource(_log);
            await Aio.Sleep(3600);
        }
    });

    [Fact]
    public void One_that_is_abandoned_is_closed_when_the_loop_ends()
    {
        Aio.Run(async () =>
        {
            var first = Aio.Iterate(Numbers(3)).GetAsyncEnumerator();
            await first.MoveNextAsync();
            var second = Aio.Iterate(Numbers(3)).GetAsyncEnumerator();
            await second.MoveNextAsync();
            Aio.Iterate(Numbers(3)).GetAsyncEnumerator(); // never begun: nothing to close
        });
        Assert.Equal(["closed", "closed"], _log);
    }

    [Fact]
    public void One_that_was_disposed_of_is_not_closed_again()
    {
        Aio.Run(async () =>
        {
            await foreach (var number in Aio.Iterate(Numbers(3)))
            {
                if (number == 1)
                {
                    break;
                }
            }
        });
        Assert.Equal(["closed"], _log);
    }

    [Fact]
    public void Errors_while_closing_are_reported_and_the_others_are_closed()
    {
        var reports = new List<ExceptionContext>();
        var source = BadFinally();
        Aio.Run(async () =>
        {
            Aio.GetRunningLoop().SetExceptionHandler((_, context) => reports.Add(context));
            await Aio.Iterate(source).GetAsyncEnumerator().MoveNextAsync();
            await Aio.Iterate(Numbers(2)).GetAsyncEnumerator().MoveNextAsync();
        });
        Assert.Equal(["closed"], _log);
        var report = Assert.Single(reports);
        Assert.StartsWith("an error occurred during closing of asynchronous generator ", report.Message);
        Assert.Contains(nameof(BadFinally), report.Message);
        Assert.IsType<FormatException>(report.Exception);
        Assert.Same(source, report.AsyncGenerator);

        static async IAsyncEnumerable<int> BadFinally()
        {
            try
            {
                await Aio.Sleep(0);
                yield return 1;
            }
            finally
            {
                Throw();
            }
        }

        static void Throw() => throw new FormatException();
    }

    [Fact]
    public void One_that_begins_after_the_shutdown_gives_a_warning()
    {
        using var logs = new RecordingLogs();
        using var loop = new EventLoop(new EventLoopOptions { LoggerFactory = logs });
        loop.RunUntilComplete(Main());
        Assert.Contains("was scheduled after loop.ShutdownAsyncgens() call", Assert.Single(logs.Warnings));

        async Coroutine Main()
        {
            await loop.ShutdownAsyncgens();
            await foreach (var _ in Aio.Iterate(Numbers(2)))
            {
            }
        }
    }

    private async IAsyncEnumerable<int> Numbers(int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                await Aio.Sleep(0);
                await Task.Yield();
                yield return i;
            }
        }
        finally
        {
            await Aio.Sleep(0.001);
            _log.Add("closed");
        }
    }

    private static async Coroutine Iterations(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Aio.Sleep(0);
        }
    }

    private static async Coroutine Ended(AsyncTask task)
    {
        while (!task.IsCompleted)
        {
            await Aio.Sleep(0.001);
        }
    }

    private sealed class Resource(List<string> log) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Aio.Sleep(0.001);
            log.Add("disposed");
        }
    }
}
