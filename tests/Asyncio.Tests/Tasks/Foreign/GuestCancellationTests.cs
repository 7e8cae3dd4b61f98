using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks.Foreign;

/// <summary>A foreign method that waits for something of ours: the cancellation reaches that, and comes back through the method.</summary>
public class GuestCancellationTests
{
    public static TheoryData<string> Waits() => ["sleep", "future", "task", "coroutine", "coroutine on foreign task", "yields", "helper of helper", "not configured"];

    [Theory]
    [MemberData(nameof(Waits))]
    public void It_reaches_what_the_helper_waits_for(string kind) => RunPatiently(async () =>
    {
        object? inside = null;
        var inner = Aio.CreateTask(Aio.Sleep(1_000));
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(4);
        task.Cancel("reach");
        var error = await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal("reach", error.CancelMessage);
        Assert.Equal("reach", inside);
        Assert.True(task.IsCanceled);
        Assert.Equal(kind == "task", inner.IsCanceled);
        inner.Cancel();

        async Coroutine Body() => await Helper();

        async Task Helper()
        {
            try
            {
                await (kind switch
                {
                    "helper of helper" => Again(),
                    "not configured" => Unconfigured(),
                    _ => Wait(kind),
                });
            }
            catch (CancelledException e)
            {
                inside = e.CancelMessage;
                throw;
            }
        }

        async Task Unconfigured() => await Wait("sleep").ConfigureAwait(false);

        async Task Again() => await Wait("coroutine");

        async Task Wait(string what)
        {
            switch (what)
            {
                case "sleep": await Aio.Sleep(1_000); break;
                case "future": await new Future<int>(); break;
                case "task": await inner; break;
                case "coroutine": await Deep(3); break;
                case "yields":
                    while (true)
                    {
                        await Aio.Yield();
                    }

                default: await OnForeign(); break;
            }
        }

        async Coroutine Deep(int depth)
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

        async Coroutine OnForeign() => await new TaskCompletionSource().Task;
    });

    [Fact]
    public void Swallowed_in_the_helper_the_await_returns_normally_and_the_count_stays() => RunPatiently(async () =>
    {
        foreach (var configured in new[] { true, false })
        {
            var task = Aio.CreateTask(Body());
            await OnLoop.Iterations(3);
            task.Cancel();
            Assert.Equal("swallowed", await task);
            Assert.Equal(1, task.Cancelling());

            async Coroutine<string> Body()
            {
                var result = configured ? await Helper() : await Outer().ConfigureAwait(false);
                await Aio.Sleep(0.001);
                await Task.Delay(100); // nothing of the cancellation is left to meet this one
                return result;
            }

            static async Task<string> Outer() => await Helper().ConfigureAwait(false);

            static async Task<string> Helper()
            {
                try
                {
                    await Aio.Sleep(1_000);
                    return "not cancelled";
                }
                catch (CancelledException)
                {
                    await Aio.Sleep(0.001);
                    return "swallowed";
                }
            }
        }
    });

    [Fact]
    public void The_clean_up_of_the_helper_may_wait_and_a_second_request_interrupts_it() => RunPatiently(async () =>
    {
        var log = new List<string>();
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(3);
        task.Cancel("first");
        await Aio.Sleep(0.1);
        Assert.False(task.Done());
        task.Cancel("second");
        Assert.Equal("second", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.Equal(["first", "second"], log);

        async Coroutine Body() => await Helper();

        async Task Helper()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            catch (CancelledException e)
            {
                log.Add((string)e.CancelMessage!);
                try
                {
                    await Aio.Sleep(1_000);
                }
                catch (CancelledException again)
                {
                    log.Add((string)again.CancelMessage!);
                    throw;
                }
            }
        }
    });

    [Fact]
    public void Several_in_parallel_are_all_reached() => RunPatiently(async () =>
    {
        var cancelled = 0;
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(3);
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(50, cancelled);

        async Coroutine Body() => await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Helper()));

        async Task Helper()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            finally
            {
                cancelled++;
            }
        }
    });

    [Fact]
    public void Beside_something_that_never_ends_nothing_hangs()
    {
        var cleaned = new List<string>();
        var never = new TaskCompletionSource().Task;
        OnLoop.Run(Main, loop => loop.ForeignCancellationGrace = 0.05);
        Assert.Equal(3, cleaned.Count(name => name == "sleeping"));
        Assert.Equal(4, cleaned.Count(name => name == "hidden"));

        async Coroutine Main()
        {
            Func<Task>[] bodies =
            [
                () => Task.WhenAll(Sleeping(), never),
                () => Task.WhenAll(Hidden(), Sleeping()),
                () => Task.WhenAll(Sleeping(), Hidden(), Hidden()),
                () => Hidden(),
            ];
            foreach (var body in bodies)
            {
                var task = Aio.CreateTask(Await(body));
                await OnLoop.Iterations(3);
                task.Cancel();
                await OnLoop.Throws<CancelledException>(async () => await task);
            }
        }

        static async Coroutine Await(Func<Task> body) => await body();

        async Task Sleeping()
        {
            try
            {
                await Aio.Sleep(1_000);
            }
            finally
            {
                cleaned.Add("sleeping");
            }
        }

        async Task Hidden()
        {
            try
            {
                await OnForeign();
            }
            finally
            {
                cleaned.Add("hidden");
            }
        }

        async Coroutine OnForeign() => await never;
    }

    [Fact]
    public void A_hot_helper_beside_the_awaited_thing_is_left_alone() => RunPatiently(async () =>
    {
        var helped = false;
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(3);
        task.Cancel();
        Assert.Equal("caught", await task);
        Assert.True(helped);

        async Coroutine<string> Body()
        {
            var hot = Helper();
            try
            {
                await Aio.Sleep(1_000);
                return "not cancelled";
            }
            catch (CancelledException)
            {
                Aio.CurrentTask()!.Uncancel();
                await hot;
                return "caught";
            }
        }

        async Task Helper()
        {
            await Aio.Sleep(0.02);
            helped = true;
        }
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelled_after_its_wait_was_done_and_before_it_ran(bool future) => RunPatiently(async () =>
    {
        var gate = new Future<int>();
        var reached = false;
        var task = Aio.CreateTask(Body());
        await OnLoop.Iterations(3);
        gate.SetResult(1);
        task.Cancel("late");
        Assert.Equal("late", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
        Assert.False(reached);

        async Coroutine Body() => await Helper();

        async Task Helper()
        {
            if (future)
            {
                await gate;
            }
            else
            {
                await AwaitGate();
            }

            reached = true;
            await Aio.Sleep(1_000);
        }

        async Coroutine AwaitGate() => await gate;
    });

    [Fact]
    public void An_iterator_is_cancelled_where_it_stands_and_disposed_in_order() => RunPatiently(async () =>
    {
        var log = new List<string>();
        var task = Aio.CreateTask(Body());
        await Aio.Sleep(0.01);
        task.Cancel();
        await OnLoop.Throws<CancelledException>(async () => await task);
        Assert.Equal(["item 0", "iterator ends", "loop ends"], log);

        async Coroutine Body()
        {
            try
            {
                await foreach (var item in Items())
                {
                    log.Add($"item {item}");
                }
            }
            finally
            {
                log.Add("loop ends");
            }
        }

        async IAsyncEnumerable<int> Items()
        {
            try
            {
                yield return 0;
                await Aio.Sleep(1_000);
                yield return 1;
            }
            finally
            {
                await Aio.Sleep(0.001);
                log.Add("iterator ends");
            }
        }
    });

    // A helper that goes on with ConfigureAwait(false) ends by way of the pool, and a busy machine takes its time.
    private static void RunPatiently(Func<Coroutine> main) => OnLoop.Run(main, OnLoop.Patient);
}
