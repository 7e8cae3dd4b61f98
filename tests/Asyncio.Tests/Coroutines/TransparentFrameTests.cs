using System.Runtime.ExceptionServices;
using Xunit;

namespace Asyncio.Tests.Coroutines;

/// <summary>A frame without handlers cannot see an exception, so none is thrown there: throws are counted, thread by thread.</summary>
public sealed class TransparentFrameTests : IDisposable
{
    [ThreadStatic]
    private static int t_thrown;

    public TransparentFrameTests() => AppDomain.CurrentDomain.FirstChanceException += Count;

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Count;

    [Fact]
    public void A_cancellation_under_frames_without_handlers_throws_nothing() => OnLoop.Run(async () =>
    {
        var parked = new Future<int>();
        Func<Coroutine>[] waits =
        [
            () => Aio.Sleep(1_000),
            async () => await new Future<int>(),
            async () => await Aio.CreateTask(Aio.Sleep(1_000)),
            async () => await new TaskCompletionSource().Task,
            async () => await new TaskCompletionSource<int>().Task.ConfigureAwait(false),
            () => Deep(50),
        ];
        foreach (var wait in waits)
        {
            var task = Aio.CreateTask(Through(wait));
            await OnLoop.Iterations(3);
            t_thrown = 0;
            task.Cancel();
            await OnLoop.Iterations(5);
            Assert.True(task.IsCanceled);
            Assert.Equal(0, t_thrown);
        }

        var started = Aio.CreateTask(Through(() => Aio.Sleep(1_000)));
        t_thrown = 0;
        started.Cancel();
        await OnLoop.Iterations(2);
        Assert.True(started.IsCanceled);
        Assert.Equal(0, t_thrown);

        static async Coroutine Through(Func<Coroutine> wait) => await wait();

        static async Coroutine Deep(int depth)
        {
            if (depth == 0)
            {
                await Aio.Sleep(1_000);
            }
            else
            {
                await Deep(depth - 1);
            }
        }
    });

    [Fact]
    public void An_exception_is_thrown_where_it_arises_and_where_it_is_seen_and_nowhere_between() => OnLoop.Run(async () =>
    {
        t_thrown = 0;
        var caught = await Catching(100);
        Assert.Equal(2, t_thrown);
        Assert.Equal("bottom", caught.Message);

        static async Coroutine<Exception> Catching(int depth)
        {
            try
            {
                await Down(depth);
                return new InvalidOperationException("Nothing was thrown.");
            }
            catch (FormatException e)
            {
                return e;
            }
        }

        static async Coroutine Down(int depth)
        {
            if (depth == 0)
            {
                await Aio.Yield();
                throw new FormatException("bottom");
            }

            await Down(depth - 1);
        }
    });

    [Fact]
    public void A_frame_with_a_handler_sees_each_of_them() => OnLoop.Run(async () =>
    {
        var seen = 0;
        var task = Aio.CreateTask(Guarded(4));
        await Aio.Yield();
        t_thrown = 0;
        task.Cancel();
        await OnLoop.Iterations(2);
        Assert.True(task.IsCanceled);
        Assert.Equal(4, seen);
        Assert.True(t_thrown >= 4);

        async Coroutine Guarded(int depth)
        {
            if (depth == 0)
            {
                await Aio.Sleep(1_000);
                return;
            }

            try
            {
                await Guarded(depth - 1);
            }
            finally
            {
                seen++;
            }
        }
    });

    [Fact]
    public void A_foreach_over_something_disposable_is_a_handler() => OnLoop.Run(async () =>
    {
        var disposed = false;
        var task = Aio.CreateTask(Loop());
        await Aio.Yield();
        task.Cancel();
        await Aio.Yield();
        Assert.True(disposed);

        async Coroutine Loop()
        {
            foreach (var _ in Numbers())
            {
                await Aio.Sleep(1_000);
            }
        }

        IEnumerable<int> Numbers()
        {
            try
            {
                yield return 1;
            }
            finally
            {
                disposed = true;
            }
        }
    });

    private static void Count(object? sender, FirstChanceExceptionEventArgs e) => t_thrown++;
}
