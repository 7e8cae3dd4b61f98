using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

/// <summary>Methods of .NET's kinds that await what is ours: they are part of the task that calls them.</summary>
public class ForeignHelperTests
{
    [Fact]
    public void Async_Task_and_ValueTask_methods_await_all_of_ours() => OnLoop.Run(async () =>
    {
        Assert.Equal(10, await AsTask());
        Assert.Equal(10, await AsValueTask());
        Assert.Equal(10, await AsTask().ConfigureAwait(false));

        static async Task<int> AsTask()
        {
            var home = Environment.CurrentManagedThreadId;
            var me = Aio.CurrentTask();
            var future = new Future<int>();
            Aio.GetRunningLoop().CallSoon(() => future.SetResult(3));
            var sum = await future;
            sum += await Number(3);
            sum += await Aio.CreateTask(Number(4));
            await Aio.Sleep(0.001);
            await Aio.Yield();
            await Coroutine.Completed;
            await Task.Delay(1);
            await Aio.Sleep(0.001);
            Assert.Equal(home, Environment.CurrentManagedThreadId);
            Assert.Same(me, Aio.CurrentTask());
            return sum;
        }

        static async ValueTask<int> AsValueTask() => await AsTask();
    });

    [Fact]
    public void An_async_iterator_does_too() => OnLoop.Run(async () =>
    {
        var got = new List<int>();
        await foreach (var number in Numbers())
        {
            got.Add(number);
            await Aio.Yield();
        }

        Assert.Equal([0, 1, 2, 3, 4], got);

        static async IAsyncEnumerable<int> Numbers()
        {
            for (var i = 0; i < 5; i++)
            {
                await Aio.Sleep(0.0005);
                await Aio.Yield();
                yield return await Number(i);
            }
        }
    });

    [Fact]
    public void Many_run_at_once_in_one_task() => OnLoop.Run(async () =>
    {
        var log = new List<int>();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(Step));
        Assert.Equal(200, log.Count);
        var hot = Step(7);
        await Aio.Sleep(0.002);
        await hot;

        async Task Step(int i)
        {
            await Aio.Sleep(0.001 * (i % 3));
            await Number(i);
            await Aio.Yield();
            log.Add(i);
        }
    });

    [Fact]
    public void Exceptions_come_through_them() => OnLoop.Run(async () =>
    {
        var error = new FormatException();
        Assert.Same(error, await OnLoop.Throws<FormatException>(async () => await Helper()));

        async Task Helper() => await Fail();

        async Coroutine Fail()
        {
            await Aio.Sleep(0.001);
            throw error;
        }
    });

    [Fact]
    public void A_future_set_in_one_task_does_not_run_the_helper_of_another_inside_it() => OnLoop.Run(async () =>
    {
        var source = new TaskCompletionSource();
        IAsyncTask? resumedAs = null;
        var inside = false;
        var waiter = Aio.CreateTask(Waiter());
        await OnLoop.Iterations(2);
        inside = true;
        source.SetResult();
        inside = false;
        await waiter;
        Assert.Same(waiter, resumedAs);

        async Coroutine Waiter() => await Helper();

        async Task Helper()
        {
            await source.Task;
            Assert.False(inside);
            resumedAs = Aio.CurrentTask();
            await Aio.Sleep(0.001);
        }
    });

    [Fact]
    public void Async_void_reports_its_failure_and_ends_nothing()
    {
        var reports = OnLoop.RunReporting(async so =>
        {
            Void();
            await OnLoop.Until(() => so.Count > 0);
        });
        Assert.IsType<FormatException>(Assert.Single(reports).Exception);

        static async void Void()
        {
            await Aio.Yield();
            throw new FormatException();
        }
    }

    [Fact]
    public void A_helper_that_outlives_its_task_is_told_at_its_next_await_of_ours() => OnLoop.Run(async () =>
    {
        Task? orphan = null;
        var gate = new TaskCompletionSource();
        await Aio.CreateTask(Parent());
        gate.SetResult();
        await OnLoop.Throws<InvalidOperationException>(async () => await orphan!);

        async Coroutine Parent()
        {
            orphan = Orphan();
            await Aio.Yield();
        }

        async Task Orphan()
        {
            await gate.Task;
            await Aio.Sleep(0.001);
        }
    });

    [Fact]
    public void One_that_waits_for_something_of_ours_when_its_task_ends_still_gets_it() => OnLoop.Run(async () =>
    {
        Task<int>? orphan = null;
        var future = new Future<int>();
        await Aio.CreateTask(Parent());
        future.SetResult(4);
        Assert.Equal(4, await orphan!);

        async Coroutine Parent()
        {
            orphan = Orphan();
            await Aio.Yield();
        }

        async Task<int> Orphan() => await Wait();

        async Coroutine<int> Wait() => await future;
    });

    private static async Coroutine<int> Number(int value)
    {
        await Aio.Sleep(0.0005);
        await Task.Yield();
        return value;
    }
}
