using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class TaskCancellationTests
{
    [Theory]
    [InlineData("why")]
    [InlineData(17)]
    [InlineData(null)]
    public void The_message_arrives_at_the_await_and_with_the_task(object? message) => OnLoop.Run(async () =>
    {
        CancelledException? inside = null;
        var task = Aio.CreateTask(Body());
        await Aio.Yield();
        Assert.True(task.Cancel(message));
        Assert.False(task.Done());
        Assert.Equal(1, task.Cancelling());
        var outside = await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(message, inside!.CancelMessage);
        Assert.Same(inside, outside);
        Assert.True(task.Cancelled() && task.IsCanceled && !task.IsFaulted);

        var again = await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.NotSame(inside, again);
        Assert.Null(again.CancelMessage); // as in asyncio, a task tells it once

        async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException e)
            {
                inside = e;
                throw;
            }
        }
    });

    [Fact]
    public void Before_the_first_step_the_body_never_runs() => OnLoop.Run(async () =>
    {
        var ran = false;
        var task = Aio.CreateTask(Body());
        task.Cancel("early");
        Assert.Equal("early", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.False(ran);

        foreach (var leaf in new[] { Aio.Sleep(1_000), Aio.Yield(), Coroutine.Completed })
        {
            var other = Aio.CreateTask(leaf);
            other.Cancel();
            await OnLoop.Throws<CancelledException>(async () => await other);
        }

        async Coroutine Body()
        {
            ran = true;
            await Aio.Yield();
        }
    });

    [Fact]
    public void It_reaches_the_innermost_wait_through_tasks() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        var inner = Aio.CreateTask(Level("inner", () => Aio.Sleep(1_000)));
        var outer = Aio.CreateTask(Level("outer", async () => await inner));
        await Aio.Yield();
        await Aio.Yield();
        outer.Cancel("down");
        await OnLoop.Throws<CancelledException>(async () => await outer);
        Assert.Equal(["inner down", "outer down"], log);
        Assert.Equal(1, inner.Cancelling());
        Assert.True(inner.IsCanceled);

        async Coroutine Level(string name, Func<Coroutine> wait)
        {
            try
            {
                await wait();
            }
            catch (CancelledException e)
            {
                log.Add($"{name} {e.CancelMessage}");
                throw;
            }
        }
    });

    [Fact]
    public void Where_an_inner_task_swallows_it_the_outer_one_goes_on() => OnLoop.Run(async () =>
    {
        var inner = Aio.CreateTask(Swallow());
        var outer = Aio.CreateTask(Await(inner));
        await Aio.Yield();
        await Aio.Yield();
        outer.Cancel();
        Assert.Equal("swallowed", await outer);
        Assert.Equal(1, outer.Cancelling());
        Assert.False(outer.Cancelled());

        static async Coroutine<string> Await(AsyncTask<string> task) => await task;

        static async Coroutine<string> Swallow()
        {
            try
            {
                await Aio.Sleep(1_000);
                return "not cancelled";
            }
            catch (CancelledException)
            {
                return "swallowed";
            }
        }
    });

    [Fact]
    public void A_task_that_cancels_itself_is_interrupted_at_its_next_suspension() => OnLoop.Run(async () =>
    {
        Func<Coroutine>[] waits =
        [
            () => Aio.Sleep(1_000),
            () => Aio.Yield(),
            async () => await new Future<int>(),
            async () => await Aio.CreateTask(Aio.Sleep(1_000)),
            async () => await new TaskCompletionSource().Task,
        ];
        foreach (var wait in waits)
        {
            var reached = false;
            var task = Aio.CreateTask(Body());
            await OnLoop.Throws<CancelledException>(async () => await task);
            Assert.True(reached);

            async Coroutine Body()
            {
                Aio.CurrentTask()!.Cancel();
                await Coroutine.Completed;
                await Coroutine.FromResult(1);
                reached = true;
                await wait();
                reached = false;
            }
        }
    });

    [Fact]
    public void In_the_last_step_the_task_ends_cancelled_and_the_value_is_lost() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Body());
        Assert.Equal("last", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.True(task.IsCanceled);

        static async Coroutine<int> Body()
        {
            await Aio.Yield();
            Aio.CurrentTask()!.Cancel("last");
            return 1;
        }
    });

    [Fact]
    public void Two_requests_before_delivery_are_one_exception_with_the_first_message() => OnLoop.Run(async () =>
    {
        foreach (var (first, second) in new (object?, object?)[] { ("a", "b"), ("a", null), (null, "b") })
        {
            var caught = new List<object?>();
            var task = Aio.CreateTask(Body());
            await Aio.Yield();
            Assert.True(task.Cancel(first));
            Assert.True(task.Cancel(second));
            Assert.Equal(2, task.Cancelling());
            Assert.Equal("end", await task);
            Assert.Equal([first], caught);

            async Coroutine<string> Body()
            {
                try
                {
                    await Aio.Sleep(1_000);
                }
                catch (CancelledException e)
                {
                    caught.Add(e.CancelMessage);
                }

                await Aio.Sleep(0.001);
                return "end";
            }
        }
    });

    [Fact]
    public void A_second_request_during_the_clean_up_interrupts_it_with_its_own_message() => OnLoop.Run(async () =>
    {
        var caught = new List<object?>();
        var task = Aio.CreateTask(Body());
        await Aio.Yield();
        task.Cancel("first");
        await OnLoop.Iterations(2);
        task.Cancel("second");
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(["first", "second"], caught);

        async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException e)
            {
                caught.Add(e.CancelMessage);
                try
                {
                    await Aio.Sleep(1_000);
                }
                catch (CancelledException again)
                {
                    caught.Add(again.CancelMessage);
                    throw;
                }
            }
        }
    });

    [Fact]
    public void Uncancel_counts_down_to_zero_and_drops_what_was_not_delivered() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Body());
        Assert.Equal("went on", await task);
        Assert.Equal(0, task.Cancelling());
        Assert.Equal(0, task.Uncancel());

        static async Coroutine<string> Body()
        {
            var me = Aio.CurrentTask()!;
            Assert.Equal(0, me.Uncancel());
            me.Cancel();
            me.Cancel();
            Assert.Equal(2, me.Cancelling());
            Assert.Equal(1, me.Uncancel());
            Assert.Equal(0, me.Uncancel());
            await Aio.Sleep(0.001);
            return "went on";
        }
    });

    [Fact]
    public void A_task_that_ignores_it_lives_on() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Stubborn());
        for (var i = 0; i < 3; i++)
        {
            await Aio.Yield();
            task.Cancel();
        }

        Assert.Equal(3, await task);

        static async Coroutine<int> Stubborn()
        {
            var ignored = 0;
            while (ignored < 3)
            {
                try
                {
                    await Aio.Sleep(1_000);
                }
                catch (CancelledException)
                {
                    ignored++;
                }
            }

            return ignored;
        }
    });

    [Fact]
    public void A_cancellation_that_nobody_asked_for_cancels_the_task_too() => OnLoop.Run(async () =>
    {
        var error = new CancelledException("own");
        var task = Aio.CreateTask(Body());
        Assert.Same(error, await OnLoop.Throws<CancelledException>(async () => await task));
        Assert.True(task.IsCanceled);
        Assert.Equal(0, task.Cancelling());

        async Coroutine Body()
        {
            await Aio.Yield();
            throw error;
        }
    });

    [Fact]
    public void An_exception_in_the_clean_up_replaces_it() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Body());
        await Aio.Yield();
        task.Cancel();
        await OnLoop.Throws<FormatException>(async () => await task);
        Assert.False(task.IsCanceled);

        static async Coroutine Body()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            finally
            {
                await Coroutine.FromException(new FormatException());
            }
        }
    });

    [Fact]
    public void Tasks_that_wait_for_one_another_in_a_ring_can_be_cancelled() => OnLoop.Run(async () =>
    {
        var tasks = new AsyncTask[3];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Aio.CreateTask(WaitFor(i + 1));
        }

        var outside = Aio.CreateTask(WaitFor(0));
        await OnLoop.Iterations(2);
        outside.Cancel("cut");
        await OnLoop.Throws<CancelledException>(async () => await outside);
        Assert.All(tasks, task => Assert.True(task.IsCanceled));

        async Coroutine WaitFor(int index) => await tasks[index % tasks.Length];
    });
}
