using System.Diagnostics;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

/// <summary>An operation that was handed <c>Aio.CancellationToken</c> is asked to end, and gets some time to do so.</summary>
public class TokenHandedTests
{
    [Fact]
    public void It_ends_by_itself_and_its_exception_ends_the_task_as_cancelled() => RunPatiently(async () =>
    {
        foreach (var handlers in new[] { false, true })
        {
            var log = new List<string>();
            var task = Aio.CreateTask(handlers ? Guarded() : Plain());
            await OnLoop.Iterations(2);
            task.Cancel("stop");
            var error = await OnLoop.Throws<CancelledException>(async () => await task);
            Assert.Equal("stop", error.CancelMessage);
            Assert.IsAssignableFrom<OperationCanceledException>(error.InnerException);
            Assert.Equal(handlers ? ["operation ended", "TaskCanceledException"] : ["operation ended"], log);
            Assert.True(task.IsCanceled);

            async Coroutine Plain() => await Operation(Aio.CancellationToken);

            async Coroutine Guarded()
            {
                try
                {
                    await Operation(Aio.CancellationToken);
                }
                catch (OperationCanceledException e)
                {
                    log.Add(e.GetType().Name);
                    throw;
                }
            }

            async Task Operation(CancellationToken token)
            {
                try
                {
                    await Task.Delay(-1, token).ConfigureAwait(false);
                }
                finally
                {
                    await Task.Delay(20, CancellationToken.None).ConfigureAwait(false);
                    log.Add("operation ended");
                }
            }
        }
    });

    [Fact]
    public void One_that_ignores_it_is_abandoned_after_the_grace() => OnLoop.Run(
        async () =>
        {
            foreach (var handlers in new[] { false, true })
            {
                var task = Aio.CreateTask(handlers ? Guarded() : Plain());
                await OnLoop.Iterations(2);
                var watch = Stopwatch.StartNew();
                task.Cancel();
                await Aio.Sleep(0.02);
                Assert.False(task.Done());
                await OnLoop.Throws<CancelledException>(async () => await task);
                Assert.True(watch.Elapsed.TotalSeconds >= 0.09, watch.Elapsed.ToString());
            }

            static async Coroutine Plain() => await Ignore(Aio.CancellationToken);

            static async Coroutine Guarded()
            {
                try
                {
                    await Ignore(Aio.CancellationToken);
                }
                finally
                {
                    await Aio.Yield();
                }
            }

            static Task Ignore(CancellationToken token) => token.IsCancellationRequested ? Task.CompletedTask : new TaskCompletionSource().Task;
        },
        loop => loop.ForeignCancellationGrace = 0.1);

    [Fact]
    public void One_that_ends_with_a_value_gives_it_and_the_cancellation_comes_at_the_next_await() => RunPatiently(async () =>
    {
        var got = 0;
        var gate = new TaskCompletionSource();
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(2);
        task.Cancel("late");
        await OnLoop.Iterations(3);
        Assert.False(task.Done());
        await Task.Run(gate.SetResult); // on another thread, as operations end
        Assert.Equal("late", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.Equal(5, got);

        async Coroutine Body()
        {
            got = await Finish(Aio.CancellationToken);
            await Aio.Sleep(1_000);
        }

        async Task<int> Finish(CancellationToken token)
        {
            await gate.Task;
            Assert.True(token.IsCancellationRequested);
            return 5;
        }
    });

    [Fact]
    public void One_that_fails_otherwise_when_asked_to_end_is_a_failure() => RunPatiently(async () =>
    {
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(2);
        task.Cancel();
        await OnLoop.Throws<FormatException>(async () => await task);

        static async Coroutine Body() => await Operation(Aio.CancellationToken);

        static async Task Operation(CancellationToken token)
        {
            try
            {
                await Task.Delay(-1, token);
            }
            catch (OperationCanceledException e)
            {
                throw new FormatException("half a message", e);
            }
        }
    });

    [Fact]
    public void A_helper_that_read_the_token_itself_has_its_grace_too() => RunPatiently(async () =>
    {
        var (waits, ended) = (false, false);
        var task = Aio.CreateTask(Body());
        await OnLoop.Until(() => waits);
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.True(ended);

        async Coroutine Body() => await Helper();

        async Task Helper()
        {
            await Aio.Sleep(0.001);
            try
            {
                var operation = Task.Delay(-1, Aio.CancellationToken);
                waits = true;
                await operation;
            }
            finally
            {
                await Task.Delay(10);
                ended = true;
            }
        }
    });

    // However long a busy machine takes to bring the end of an operation, it is waited for.
    private static void RunPatiently(Func<Coroutine> main) => OnLoop.Run(main, OnLoop.Patient);
}
