using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class BadAwaitTests
{
    [Fact]
    public void A_task_that_awaits_itself() => OnLoop.Run(async () =>
    {
        AsyncTask? self = null;
        self = Aio.CreateTask(Body());
        var error = await OnLoop.Throws<InvalidOperationException>(async () => await self);
        Assert.Contains("Task cannot await on itself", error.Message, StringComparison.Ordinal);

        async Coroutine Body() => await self!;
    });

    [Fact]
    public void A_future_of_another_loop() => OnLoop.Run(async () =>
    {
        using var other = new EventLoop();
        var future = other.CreateFuture<int>();
        var caught = await OnLoop.Throws<InvalidOperationException>(async () => await future);
        Assert.Contains("attached to a different loop", caught.Message, StringComparison.Ordinal);
        await OnLoop.Throws<InvalidOperationException>(async () => await Helper(future));

        // The task has lost nothing by it.
        await Aio.Sleep(0.001);

        static async Task Helper(Future<int> future) => await future;
    });

    [Fact]
    public void A_coroutine_future_sleep_or_yield_on_a_pool_thread_is_an_error_from_the_await() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        Func<Task>[] awaits =
        [
            async () => await Work(),
            async () => await Number(),
            async () => await Aio.Sleep(0.001),
            async () => await Aio.Yield(),
            async () => await future,
            async () => await Work().AsCoroutine(),
        ];
        foreach (var code in awaits)
        {
            var error = await OnLoop.Throws<InvalidOperationException>(async () => await Task.Run(code));
            Assert.Contains("where no task of an event loop runs", error.Message, StringComparison.Ordinal);
            error = await OnLoop.Throws<InvalidOperationException>(async () => await LeaveAnd(code));
            Assert.Contains("where no task of an event loop runs", error.Message, StringComparison.Ordinal);
        }

        static async Task LeaveAnd(Func<Task> code)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // goes on on a thread of the pool
            await code().ConfigureAwait(false);
        }
    });

    [Fact]
    public void What_has_its_outcome_already_may_be_awaited_anywhere() => OnLoop.Run(async () =>
    {
        await Task.Run(async () =>
        {
            Assert.Equal(1, await Coroutine.FromResult(1));
            await Coroutine.Completed;
        });
    });

    [Fact]
    public void A_callback_of_the_loop_is_no_task()
    {
        Exception? caught = null;
        OnLoop.Run(async () =>
        {
            Aio.GetRunningLoop().CallSoon(() => { _ = Helper(); });
            await OnLoop.Until(() => caught is not null);
        });
        Assert.IsType<InvalidOperationException>(caught);

        async Task Helper()
        {
            try
            {
                await Work();
            }
            catch (InvalidOperationException e)
            {
                caught = e;
            }
        }
    }

    [Fact]
    public void Debug_mode_refuses_another_thread() => OnLoop.Run(
        async () =>
        {
            var loop = Aio.GetRunningLoop();
            var future = new Future<int>();
            future.AddDoneCallback(_ => { });
            await Task.Run(() =>
            {
                Assert.Throws<InvalidOperationException>(() => loop.CallSoon(() => { }));
                Assert.Throws<InvalidOperationException>(() => loop.CreateTask(Work()));
                Assert.Throws<InvalidOperationException>(() => future.SetResult(1));
            });
        },
        loop => loop.Debug = true);

    [Fact]
    public void A_loop_in_a_loop_is_refused_and_closes_what_it_was_given() => OnLoop.Run(async () =>
    {
        using var inner = new EventLoop();
        var coroutine = Work();
        Assert.Throws<InvalidOperationException>(() => inner.RunUntilComplete(coroutine));
        await OnLoop.Throws<InvalidOperationException>(async () => await coroutine);
        Assert.Throws<InvalidOperationException>(() => Aio.GetRunningLoop().RunForever());
        Assert.Throws<InvalidOperationException>(() => Aio.GetRunningLoop().Close());
    });

    private static async Coroutine Work() => await Aio.Sleep(0.001);

    private static async Coroutine<int> Number()
    {
        await Aio.Yield();
        return 1;
    }
}
