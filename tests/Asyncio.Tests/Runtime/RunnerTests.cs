using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary><c>Runner</c>: its states, its context, its loop.</summary>
public class RunnerTests
{
    private static readonly AsyncLocal<string?> Value = new();

    [Fact]
    public void All_runs_share_one_loop()
    {
        using var runner = new Runner();
        var loop = runner.GetLoop();
        Assert.Same(loop, runner.Run(Loop()));
        Assert.Same(loop, runner.Run(Loop()));
        Assert.False(loop.IsClosed);

        static async Coroutine<EventLoop> Loop()
        {
            await Aio.Sleep(0);
            return Aio.GetRunningLoop();
        }
    }

    [Fact]
    public void All_runs_share_one_context_that_was_copied_when_the_runner_was_first_used()
    {
        Value.Value = "outside";
        using var runner = new Runner();
        Value.Value = "at first use";
        runner.GetLoop();
        Value.Value = "later";
        Assert.Equal("at first use", runner.Run(Exchange("first run")));
        Assert.Equal("first run", runner.Run(Exchange("second run")));
        Assert.Equal("later", Value.Value);
    }

    [Fact]
    public void A_run_may_have_a_context_of_its_own()
    {
        using var runner = new Runner();
        runner.Run(Exchange("runner's"));
        Value.Value = "own";
        var context = Context.CopyCurrent();
        Assert.Equal("own", runner.Run(Exchange("changed"), context));
        Assert.Equal("changed", context.Run(() => Value.Value));
        Assert.Equal("runner's", runner.Run(Exchange("x")));
    }

    private static async Coroutine<string?> Exchange(string value)
    {
        await Aio.Sleep(0);
        var before = Value.Value;
        Value.Value = value;
        return before;
    }

    [Fact]
    public void Closed_it_refuses_everything_and_a_second_close_is_silent()
    {
        var runner = new Runner();
        var loop = runner.GetLoop();
        runner.Close();
        runner.Close();
        runner.Dispose();
        Assert.True(loop.IsClosed);
        Assert.Equal("Runner is closed.", Assert.Throws<InvalidOperationException>(() => runner.GetLoop()).Message);
        Assert.Equal("Runner is closed.", Assert.Throws<InvalidOperationException>(() => runner.Run(Coroutine.FromResult(1))).Message);
    }

    [Fact]
    public void One_that_was_never_used_stays_usable_after_a_close()
    {
        var runner = new Runner();
        runner.Close();
        Assert.Equal(1, runner.Run(Coroutine.FromResult(1)));
        runner.Close();
    }

    [Fact]
    public void In_a_running_loop_it_is_an_error_and_the_coroutine_is_closed() => Aio.Run(async () =>
    {
        await Aio.Sleep(0);
        using var runner = new Runner();
        var coroutine = Exchange("never");
        var error = Assert.Throws<InvalidOperationException>(() => runner.Run(coroutine));
        Assert.Equal("Runner.Run() cannot be called from a running event loop.", error.Message);
        Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter());
    });

    [Fact]
    public void The_running_loop_is_checked_before_the_state() => Aio.Run(async () =>
    {
        await Aio.Sleep(0);
        var runner = new Runner(loopFactory: () => throw new NotSupportedException());
        Assert.Throws<InvalidOperationException>(() => runner.Run(default(Coroutine)));
    });

    [Fact]
    public void A_default_coroutine_is_none()
    {
        using var runner = new Runner();
        Assert.Throws<InvalidOperationException>(() => runner.Run(default(Coroutine)));
        Assert.Equal(1, runner.Run(Coroutine.FromResult(1)));
    }

    [Fact]
    public void Without_a_factory_its_loop_is_the_threads_current_one_until_it_is_closed() => OnOwnThread(() =>
    {
        var runner = new Runner();
        Assert.Throws<InvalidOperationException>(() => Aio.GetEventLoop());
        var loop = runner.GetLoop();
        Assert.Same(loop, Aio.GetEventLoop());
        runner.Run(Coroutine.Completed);
        Assert.Same(loop, Aio.GetEventLoop());
        runner.Close();
        Assert.Throws<InvalidOperationException>(() => Aio.GetEventLoop());
    });

    [Fact]
    public void With_a_factory_the_current_loop_is_left_alone() => OnOwnThread(() =>
    {
        using var mine = new EventLoop();
        Aio.SetEventLoop(mine);
        using (var runner = new Runner(loopFactory: () => new EventLoop()))
        {
            Assert.NotSame(mine, runner.GetLoop());
            Assert.Same(mine, Aio.GetEventLoop());
        }

        Assert.Same(mine, Aio.GetEventLoop());
    });

    [Fact]
    public void Closing_cancels_what_is_left_once_for_each_task()
    {
        var runner = new Runner();
        var requests = 0;
        runner.Run(Start());
        Assert.Equal(0, requests);
        runner.Close();
        Assert.Equal(1, requests);

        async Coroutine Start()
        {
            _ = Aio.CreateTask(Background());
            await Aio.Sleep(0);
        }

        async Coroutine Background()
        {
            try
            {
                await Aio.Sleep(3600);
            }
            finally
            {
                requests = Aio.CurrentTask()!.Cancelling();
            }
        }
    }

    [Fact]
    public void Tasks_left_by_one_run_go_on_in_the_next()
    {
        using var runner = new Runner();
        var task = runner.Run(Start());
        Assert.False(task.IsCompleted);
        Assert.Equal(5, runner.Run(task));

        static async Coroutine<AsyncTask<int>> Start()
        {
            var task = Aio.CreateTask(Aio.Sleep(0.01, 5));
            await Aio.Sleep(0);
            return task;
        }
    }

    [Fact]
    public void Closing_it_from_inside_its_loop_is_an_error()
    {
        using var runner = new Runner();
        runner.Run(Inside());

        async Coroutine Inside()
        {
            await Aio.Sleep(0);
            Assert.Throws<InvalidOperationException>(runner.Close);
        }
    }

    [Fact]
    public void A_task_factory_that_fails_leaves_it_usable()
    {
        using var runner = new Runner();
        runner.GetLoop().SetTaskFactory(new Failing());
        Assert.Throws<FormatException>(() => runner.Run(Exchange("x")));
        runner.GetLoop().SetTaskFactory(null);
        Assert.Equal(1, runner.Run(Coroutine.FromResult(1)));
    }

    private static void OnOwnThread(Action action)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }

    private sealed class Failing : LowLevel.AsyncTaskFactory
    {
        public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, LowLevel.AsyncTaskOptions options) => throw new FormatException();

        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, LowLevel.AsyncTaskOptions options) => throw new FormatException();
    }
}
