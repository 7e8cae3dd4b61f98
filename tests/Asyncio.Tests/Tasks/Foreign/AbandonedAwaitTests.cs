using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

/// <summary>A .NET task that nothing else can stop: a cancelled coroutine stops waiting for it at once.</summary>
public class AbandonedAwaitTests
{
    public static TheoryData<string> Awaits() => ["task", "task of T", "configured", "configured T", "value task", "value task of T", "configured value task", "configured value task of T"];

    [Theory]
    [MemberData(nameof(Awaits))]
    public void It_is_given_up_at_once_with_and_without_handlers(string kind) => OnLoop.Run(async () =>
    {
        foreach (var handlers in new[] { false, true })
        {
            var source = new TaskCompletionSource<int>();
            var (before, seen, after) = (false, false, false);
            var task = Aio.CreateTask(handlers ? Guarded() : Plain());
            await OnLoop.Iterations(2);
            Assert.True(before);
            task.Cancel("enough");
            await OnLoop.Iterations(3);
            Assert.True(task.IsCanceled);
            Assert.Equal("enough", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
            Assert.Equal(handlers, seen);
            Assert.False(after);
            source.SetResult(1); // the operation ends: that wakes nobody
            await OnLoop.Iterations(3);

            async Coroutine Guarded()
            {
                try
                {
                    await Plain();
                }
                catch (CancelledException)
                {
                    seen = true;
                    throw;
                }
            }

            async Coroutine Plain()
            {
                before = true;
                switch (kind)
                {
                    case "task": await (Task)source.Task; break;
                    case "task of T": await source.Task; break;
                    case "configured": await ((Task)source.Task).ConfigureAwait(false); break;
                    case "configured T": await source.Task.ConfigureAwait(false); break;
                    case "value task": await new ValueTask(source.Task); break;
                    case "value task of T": await new ValueTask<int>(source.Task); break;
                    case "configured value task": await new ValueTask(source.Task).ConfigureAwait(false); break;
                    default: await new ValueTask<int>(source.Task).ConfigureAwait(false); break;
                }

                after = true;
            }
        }
    });

    [Theory]
    [MemberData(nameof(Awaits))]
    public void The_frame_itself_can_catch_it_and_go_on(string kind) => OnLoop.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(2);
        task.Cancel("x");
        Assert.Equal("caught x", await task);
        Assert.Equal(1, task.Cancelling());

        async Coroutine<string> Body()
        {
            try
            {
                switch (kind)
                {
                    case "task": await (Task)source.Task; break;
                    case "task of T": await source.Task; break;
                    case "configured": await ((Task)source.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); break;
                    case "configured T": await source.Task.ConfigureAwait(false); break;
                    case "value task": await new ValueTask(source.Task); break;
                    case "value task of T": await new ValueTask<int>(source.Task); break;
                    case "configured value task": await new ValueTask(source.Task).ConfigureAwait(false); break;
                    default: await new ValueTask<int>(source.Task).ConfigureAwait(false); break;
                }
            }
            catch (CancelledException e)
            {
                await Aio.Sleep(0.001);
                await Task.Delay(1);
                source.SetResult(1);
                await Task.Yield();
                await Task.Delay(1);
                return "caught " + e.CancelMessage;
            }

            return "not cancelled";
        }
    });

    [Fact]
    public void Its_later_exception_reaches_the_exception_handler()
    {
        var error = new FormatException();
        var reports = OnLoop.RunReporting(async so =>
        {
            var source = new TaskCompletionSource();
            await CancelIn(async () => await source.Task);
            await CancelIn(async () =>
            {
                try
                {
                    await source.Task;
                }
                finally
                {
                    GC.KeepAlive(source);
                }
            });
            source.SetException(error);
            await OnLoop.Until(() => so.Count == 2);
        });
        Assert.All(reports, report => Assert.Same(error, report.Exception));
    }

    [Fact]
    public void A_later_cancellation_of_it_is_nobodys_business() => OnLoop.Run(async () =>
    {
        var source = new TaskCompletionSource();
        await CancelIn(async () => await source.Task);
        source.SetCanceled();
        await Aio.Sleep(0.005);
    });

    [Fact]
    public void Its_disposable_result_is_disposed() => OnLoop.Run(async () =>
    {
        var disposed = 0;
        var plain = new TaskCompletionSource<Resource>();
        var asynchronous = new TaskCompletionSource<AsyncResource>();
        await CancelIn(async () => await plain.Task);
        await CancelIn(async () => await asynchronous.Task.ConfigureAwait(false));
        await CancelIn(async () => await Connect());
        plain.SetResult(new Resource(() => Interlocked.Increment(ref disposed)));
        asynchronous.SetResult(new AsyncResource(() => Interlocked.Increment(ref disposed)));
        await OnLoop.Until(() => Volatile.Read(ref disposed) == 3);

        async Task<Resource> Connect()
        {
            await plain.Task.ConfigureAwait(false);
            return new Resource(() => Interlocked.Increment(ref disposed));
        }
    });

    [Fact]
    public void What_fails_while_being_disposed_is_reported()
    {
        var reports = OnLoop.RunReporting(async so =>
        {
            var source = new TaskCompletionSource<Resource>();
            await CancelIn(async () => await source.Task);
            source.SetResult(new Resource(() => throw new FormatException()));
            await OnLoop.Until(() => so.Count == 1);
        });
        Assert.IsType<FormatException>(Assert.Single(reports).Exception);
    }

    [Fact]
    public void The_task_itself_goes_on_untouched_for_others() => OnLoop.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        var other = Aio.CreateTask(Await());
        await CancelIn(async () => await source.Task);
        source.SetResult(9);
        Assert.Equal(9, await other);

        async Coroutine<int> Await() => await source.Task;
    });

    private static async Coroutine CancelIn(Func<Coroutine> code)
    {
        var task = Aio.CreateTask(code());
        await OnLoop.Iterations(2);
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
    }

    private sealed class Resource(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    private sealed class AsyncResource(Action dispose) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            dispose();
        }
    }
}
