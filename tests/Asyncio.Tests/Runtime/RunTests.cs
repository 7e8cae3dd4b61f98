using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary><c>Aio.Run</c>: asyncio's <c>run()</c>.</summary>
public class RunTests
{
    [Fact]
    public void It_gives_what_main_returns()
    {
        Assert.Equal(42, Aio.Run(Main()));

        static async Coroutine<int> Main()
        {
            await Aio.Sleep(0);
            return 42;
        }
    }

    [Fact]
    public void It_takes_every_form_of_main()
    {
        var ran = 0;
        Aio.Run(async () => { await Aio.Sleep(0); ran++; });
        Assert.Equal(1, ran);
        Assert.Equal("x", Aio.Run(async () => { await Aio.Sleep(0); return "x"; }));
        Aio.Run(async Task () => { await Task.Yield(); await Aio.Sleep(0); ran++; });
        Assert.Equal(2, ran);
        Assert.Equal(3, Aio.Run(async Task<int> () => { await Task.Yield(); return 3; }));
        Aio.Run(Coroutine.Completed);
        Assert.Equal(5, Aio.Run(Coroutine.FromResult(5)));
        Assert.Throws<FormatException>(() => Aio.Run(Fail));

        static async Coroutine Fail()
        {
            await Aio.Sleep(0);
            throw new FormatException();
        }
    }

    [Fact]
    public void A_delegate_is_called_inside_the_loop() =>
        Assert.True(Aio.Run(() => Coroutine.FromResult(EventLoop.Running is not null && Aio.CurrentTask() is not null)));

    [Fact]
    public void Any_awaitable_will_do()
    {
        Assert.Equal(7, Aio.Run((IAwaitable<int>)Coroutine.FromResult(7)));
        using var runner = new Runner();
        var future = runner.GetLoop().CreateFuture<int>();
        future.SetResult(8);
        Assert.Equal(8, runner.Run(future));
    }

    [Fact]
    public void The_exception_of_main_comes_out_as_it_is()
    {
        var thrown = new InvalidDataException("original");
        var caught = Assert.Throws<InvalidDataException>(() => Aio.Run(Fail()));
        Assert.Same(thrown, caught);
        Assert.Contains(nameof(ThrowDeep), caught.StackTrace);

        async Coroutine Fail() => await ThrowDeep();

        async Coroutine ThrowDeep()
        {
            await Aio.Sleep(0);
            throw thrown;
        }
    }

    [Fact]
    public void Inside_a_running_loop_it_is_an_error_and_the_coroutine_is_closed()
    {
        var began = false;
        Aio.Run(async () =>
        {
            var inner = Inner();
            var error = Assert.Throws<InvalidOperationException>(() => Aio.Run(inner));
            Assert.Equal("Aio.Run() cannot be called from a running event loop.", error.Message);
            Assert.Throws<InvalidOperationException>(() => inner.GetAwaiter());
            await Aio.Sleep(0);
        });
        Assert.False(began);

        async Coroutine Inner()
        {
            began = true;
            await Aio.Sleep(0);
        }
    }

    [Fact]
    public void Debug_is_forced_or_left_alone()
    {
        Assert.True(Aio.Run(IsDebug(), debug: true));
        Assert.False(Aio.Run(IsDebug(), debug: false, loopFactory: () => new EventLoop(new EventLoopOptions { Debug = true })));
        Assert.True(Aio.Run(IsDebug(), loopFactory: () => new EventLoop(new EventLoopOptions { Debug = true })));

        static async Coroutine<bool> IsDebug()
        {
            await Aio.Sleep(0);
            return Aio.GetRunningLoop().Debug;
        }
    }

    [Fact]
    public void The_loop_is_fresh_and_closed_afterwards()
    {
        EventLoop? made = null;
        Aio.Run(async () =>
        {
            made = Aio.GetRunningLoop();
            await Aio.Sleep(0);
        });
        Assert.True(made!.IsClosed);
        Assert.Null(EventLoop.Running);
        Assert.NotSame(made, Aio.Run(async () => { await Aio.Sleep(0); return Aio.GetRunningLoop(); }));
    }

    [Fact]
    public void A_loop_that_fails_to_be_made_is_told()
    {
        Assert.Throws<NotSupportedException>(() => Aio.Run(Coroutine.Completed, loopFactory: () => throw new NotSupportedException()));
        Assert.Throws<InvalidOperationException>(() => Aio.Run(Coroutine.Completed, loopFactory: () => null!));
    }

    [Fact]
    public void Tasks_that_are_left_are_cancelled_and_awaited_also_when_main_fails()
    {
        var log = new List<string>();
        Assert.Throws<FormatException>(() => Aio.Run(async () =>
        {
            _ = Aio.CreateTask(Background());
            await Aio.Sleep(0);
            await Fail();
        }));
        Assert.Equal(["cancelled", "cleaned"], log);

        async Coroutine Background()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            catch (CancelledException)
            {
                log.Add("cancelled");
                await Aio.Sleep(0.01);
                log.Add("cleaned");
                throw;
            }
        }

        static async Coroutine Fail()
        {
            await Aio.Sleep(0);
            throw new FormatException();
        }
    }

    [Fact]
    public void Errors_of_tasks_that_are_left_are_reported_and_do_not_change_the_outcome()
    {
        var reports = new List<ExceptionContext>();
        IAsyncTask? left = null;
        var result = Aio.Run(async () =>
        {
            Aio.GetRunningLoop().SetExceptionHandler((_, context) => reports.Add(context));
            left = Aio.CreateTask(Background());
            await Aio.Sleep(0);
            return 123;
        });

        Assert.Equal(123, result);
        var report = Assert.Single(reports);
        Assert.Equal("unhandled exception during Aio.Run() shutdown", report.Message);
        Assert.IsType<DivideByZeroException>(report.Exception);
        Assert.Same(left, report.Task);

        static async Coroutine Background()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            catch (CancelledException)
            {
                throw new DivideByZeroException();
            }
        }
    }

    [Fact]
    public void Enumerations_are_closed_after_the_tasks_that_are_left_even_if_those_fail()
    {
        var log = new List<string>();
        Aio.Run(async () =>
        {
            Aio.GetRunningLoop().SetExceptionHandler((_, _) => log.Add("reported"));
            var enumerator = Aio.Iterate(Numbers()).GetAsyncEnumerator();
            await enumerator.MoveNextAsync();
            _ = Aio.CreateTask(Background());
            await Aio.Sleep(0);
        });
        Assert.Equal(["task", "reported", "generator"], log);

        async Coroutine Background()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            finally
            {
                log.Add("task");
                throw new FormatException();
            }
        }

        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                await Aio.Sleep(0);
                yield return 1;
                yield return 2;
            }
            finally
            {
                await Aio.Sleep(0.001);
                log.Add("generator");
            }
        }
    }

    [Fact]
    public void A_token_cancels_main_from_any_thread()
    {
        using var source = new CancellationTokenSource();
        var cleaned = false;
        Assert.Throws<CancelledException>(() => Aio.Run(Main(), cancellationToken: source.Token));
        Assert.True(cleaned);

        async Coroutine Main()
        {
            new Thread(source.Cancel).Start();
            try
            {
                await Aio.Sleep(3600);
            }
            finally
            {
                cleaned = true;
            }
        }
    }

    [Fact]
    public void A_token_that_was_tripped_before_keeps_main_from_beginning()
    {
        var began = false;
        Assert.Throws<CancelledException>(() => Aio.Run(
            async () =>
            {
                began = true;
                await Aio.Sleep(0);
            },
            cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(began);
    }

    [Fact]
    public void Main_that_cancels_itself_is_a_cancellation_and_no_interrupt() =>
        Assert.Throws<CancelledException>(() => Aio.Run(async () =>
        {
            Aio.CurrentTask()!.Cancel("by itself");
            await Aio.Sleep(0);
        }));

    [Fact]
    public void A_KeyboardInterruptException_of_a_task_ends_the_run_at_once()
    {
        var after = false;
        Assert.Throws<KeyboardInterruptException>(() => Aio.Run(async () =>
        {
            _ = Aio.CreateTask(Interrupt());
            await Aio.Sleep(3600);
            after = true;
        }));
        Assert.False(after);

        static async Coroutine Interrupt()
        {
            await Aio.Sleep(0);
            throw new KeyboardInterruptException();
        }
    }
}
