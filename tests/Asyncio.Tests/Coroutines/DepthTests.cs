using Xunit;

namespace Asyncio.Tests.Coroutines;

public class DepthTests
{
    private const int Million = 1_000_000;

    [Fact]
    public void A_million_awaits_deep_that_suspends() => OnLoop.Run(async () => Assert.Equal(Million, await Down(Million, suspend: true)));

    [Fact]
    public void A_million_awaits_deep_that_does_not() => OnLoop.Run(async () => Assert.Equal(Million, await Down(Million, suspend: false)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exception_comes_up_a_million_frames(bool suspend) => OnLoop.Run(async () =>
    {
        var error = new FormatException("bottom");
        var caught = await OnLoop.Throws<FormatException>(async () => await Fall(Million, error, suspend));
        Assert.Same(error, caught);
        Assert.True(caught.ToString().Length < 100_000);
        Assert.Contains("more awaiting frames", caught.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void A_cancellation_comes_up_a_million_frames() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Wait(Million));
        await Aio.Yield();
        Assert.Equal(Million + 2, task.GetStack().Count);
        task.Cancel("deep");
        var error = await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal("deep", error.CancelMessage);
    });

    [Fact]
    public void Ten_thousand_frames_with_handlers() => OnLoop.Run(async () =>
    {
        var error = new FormatException("bottom");
        var ran = 0;
        Assert.Same(error, await OnLoop.Throws<FormatException>(() => Guarded(10_000)));
        Assert.Equal(10_001, ran);

        async Coroutine Guarded(int depth)
        {
            try
            {
                if (depth == 0)
                {
                    await Aio.Yield();
                    throw error;
                }

                await Guarded(depth - 1);
            }
            finally
            {
                ran++;
            }
        }
    });

    [Fact]
    public void A_chain_of_a_hundred_thousand_tasks_is_cancelled_and_ends() => OnLoop.Run(async () =>
    {
        var innermost = Aio.CreateTask(Aio.Sleep(1_000));
        AsyncTask<Unit> last = innermost;
        for (var i = 0; i < 100_000; i++)
        {
            last = Aio.CreateTask(Await(last));
        }

        await Aio.Yield();
        last.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await last);
        Assert.True(innermost.IsCanceled);

        static async Coroutine Await(AsyncTask<Unit> task) => await task;
    });

    [Fact]
    public void Gatherings_in_gatherings_are_cancelled_on_any_stack()
    {
        const int Depth = 3_000;
        const int SmallStack = 512 * 1024; // room for a third of them
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Aio.Run(Main())), SmallStack) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(OnLoop.Hang));
        Assert.Null(failure);

        static async Coroutine Main()
        {
            var tasks = new List<AsyncTask> { Aio.CreateTask(Aio.Sleep(1_000)) };
            for (var i = 0; i < Depth; i++)
            {
                tasks.Add(Aio.CreateTask(Gather(tasks[^1])));
            }

            await Aio.Yield();
            tasks[^1].Cancel("deep");
            var error = await OnLoop.Throws<CancelledException>(async () => await tasks[^1]);
            Assert.Equal("deep", error.CancelMessage);
            Assert.All(tasks, task => Assert.True(task.IsCanceled));
        }

        static async Coroutine Gather(AsyncTask inner) => await Aio.GatherAll([inner]);
    }

    private static async Coroutine<int> Down(int depth, bool suspend)
    {
        if (depth == 0)
        {
            if (suspend)
            {
                await Aio.Yield();
            }

            return 0;
        }

        return 1 + await Down(depth - 1, suspend);
    }

    private static async Coroutine<int> Fall(int depth, Exception error, bool suspend)
    {
        if (depth == 0)
        {
            if (suspend)
            {
                await Aio.Yield();
            }

            throw error;
        }

        return await Fall(depth - 1, error, suspend);
    }

    private static async Coroutine Wait(int depth)
    {
        if (depth == 0)
        {
            await Aio.Sleep(1_000);
        }
        else
        {
            await Wait(depth - 1);
        }
    }
}
