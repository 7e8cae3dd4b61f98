using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary><c>AsyncLocal</c> as context variables: which code sees which values.</summary>
public class ContextTests
{
    private static readonly AsyncLocal<string?> Value = new();

    [Fact]
    public void A_task_has_a_copy_made_at_its_creation() => Run(async () =>
    {
        Value.Value = "at creation";
        var task = Aio.CreateTask(Exchange("task's"));
        Value.Value = "later";
        Assert.Equal("at creation", await task);
        Assert.Equal("later", Value.Value);
        Assert.Equal("task's", task.Context.Run(() => Value.Value));
    });

    [Fact]
    public void A_task_may_share_a_context_with_its_owner_and_with_later_tasks() => Run(async () =>
    {
        Value.Value = "outer";
        var shared = Context.CopyCurrent();
        Assert.Equal("outer", await Aio.CreateTask(Exchange("first"), context: shared));
        Assert.Equal("first", await Aio.CreateTask(Exchange("second"), context: shared));
        Assert.Equal("second", shared.Run(() => Value.Value));
        Assert.Equal("outer", Value.Value);
    });

    [Fact]
    public void Two_tasks_that_share_one_see_each_others_writes_at_once() => Run(async () =>
    {
        var shared = Context.CopyCurrent();
        var first = Aio.CreateTask(First(), context: shared);
        var second = Aio.CreateTask(Second(), context: shared);
        await first;
        await second;

        static async Coroutine First()
        {
            Value.Value = "from first";
            await Aio.Sleep(0);
            Assert.Equal("from second", Value.Value);
        }

        static async Coroutine Second()
        {
            Assert.Equal("from first", Value.Value);
            Value.Value = "from second";
            await Aio.Sleep(0);
        }
    });

    [Fact]
    public void A_coroutine_that_is_awaited_shares_the_callers_both_ways() => Run(async () =>
    {
        Value.Value = "caller's";
        Assert.Equal("caller's", await Exchange("callee's"));
        Assert.Equal("callee's", Value.Value);
    });

    [Fact]
    public void Callbacks_run_in_a_copy_made_when_they_are_scheduled_or_in_the_given_one() => Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var seen = new List<string?>();
        Value.Value = "given";
        var given = Context.CopyCurrent();
        Value.Value = "scheduled";
        loop.CallSoon(Look("soon"));
        loop.CallLater(0, Look("later"));
        loop.CallAt(loop.Time(), Look("at"));
        loop.CallSoonThreadsafe(Look("threadsafe"));
        loop.CallSoon(Look("in given"), context: given);
        loop.CallSoon(() => seen.Add(Value.Value), context: given);
        Value.Value = "changed";
        await Aio.Sleep(0.005);
        Assert.Equal(["given", "in given", "scheduled", "scheduled", "scheduled", "scheduled"], seen.Order(StringComparer.Ordinal));
        Assert.Equal("in given", given.Run(() => Value.Value));
        Assert.Equal("changed", Value.Value);

        Action Look(string write) => () =>
        {
            seen.Add(Value.Value);
            Value.Value = write;
        };
    });

    [Fact]
    public void A_handle_shows_its_context() => Run(async () =>
    {
        Value.Value = "scheduled";
        var handle = Aio.GetRunningLoop().CallSoon(() => { });
        Value.Value = "changed";
        Assert.Equal("scheduled", handle.GetContext().Run(() => Value.Value));
        await Aio.Sleep(0);
    });

    [Fact]
    public void Done_callbacks_run_in_a_copy_made_at_registration() => Run(async () =>
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();
        var seen = new List<string?>();
        Value.Value = "registered";
        future.AddDoneCallback(_ => seen.Add(Value.Value));
        Value.Value = "completed";
        future.SetResult(1);
        await Aio.Sleep(0);
        Value.Value = "when done already";
        future.AddDoneCallback(_ => seen.Add(Value.Value));
        Value.Value = "changed";
        await Aio.Sleep(0);
        Assert.Equal(["registered", "when done already"], seen);
    });

    [Fact]
    public void A_task_goes_on_in_its_own_whoever_wakes_it() => Run(async () =>
    {
        var future = Aio.GetRunningLoop().CreateFuture<int>();
        var task = Aio.CreateTask(Wait());
        await Aio.Sleep(0);
        Value.Value = "waker's";
        future.SetResult(1);
        Assert.Equal("waiter's", await task);

        async Coroutine<string?> Wait()
        {
            Value.Value = "waiter's";
            await future;
            return Value.Value;
        }
    });

    [Fact]
    public void An_executor_gets_none_and_leaves_none() => Run(async () =>
    {
        Value.Value = "caller's";
        using var executor = new ThreadPoolExecutor(maxWorkers: 1);
        var loop = Aio.GetRunningLoop();
        Assert.Null(await loop.RunInExecutor(executor, () =>
        {
            var seen = Value.Value;
            Value.Value = "worker's";
            return seen;
        }));
        Assert.Null(await loop.RunInExecutor(executor, () => Value.Value));
        Assert.Equal("caller's", Value.Value);
    });

    [Fact]
    public void ToThread_takes_a_copy_when_it_is_awaited() => Run(async () =>
    {
        Value.Value = "called";
        var coroutine = Aio.ToThread(() =>
        {
            var seen = Value.Value;
            Value.Value = "thread's";
            return seen;
        });
        Value.Value = "awaited";
        Assert.Equal("awaited", await coroutine);
        Assert.Equal("awaited", Value.Value);
    });

    [Fact]
    public void An_eager_first_step_runs_in_the_tasks_own() => Run(async () =>
    {
        Value.Value = "creator's";
        var task = Aio.CreateTask(Write(), eagerStart: true);
        Assert.Equal("creator's", Value.Value);
        await task;
        Assert.Equal("task's", task.Context.Run(() => Value.Value));

        static async Coroutine Write()
        {
            Assert.Equal("creator's", Value.Value);
            Value.Value = "task's";
            await Aio.Sleep(0);
            Assert.Equal("task's", Value.Value);
        }
    });

    [Fact]
    public void The_thread_that_runs_a_loop_keeps_its_own()
    {
        Value.Value = "thread's";
        Aio.Run(Exchange("inside"));
        Assert.Equal("thread's", Value.Value);
        Value.Value = null;
    }

    [Fact]
    public void A_suppressed_flow_is_legal()
    {
        Value.Value = "hidden";
        using (ExecutionContext.SuppressFlow())
        {
            Assert.Null(Record.Exception(() => Aio.Run(Exchange("x"))));
        }

        Value.Value = null;
    }

    [Fact]
    public void Where_the_flow_is_suppressed_nothing_is_copied() => Run(async () =>
    {
        Value.Value = "caller's";
        AsyncTask<string?> task;
        var called = new Future<string?>();
        using (ExecutionContext.SuppressFlow())
        {
            task = Aio.CreateTask(Suppress());
            Aio.GetRunningLoop().CallSoon(() => called.SetResult(Value.Value));
        }

        Assert.Null(await task);
        Assert.Null(await called);
        Assert.Equal("caller's", Value.Value);

        static async Coroutine<string?> Suppress()
        {
            using (ExecutionContext.SuppressFlow())
            {
                await Aio.Sleep(0);
            }

            return Value.Value;
        }
    });

    [Fact]
    public void An_eager_task_that_shares_its_makers_context_sees_it_and_writes_to_it() => Run(async () =>
    {
        Value.Value = "maker's";
        var task = Aio.CreateTask(Exchange(), context: Aio.CurrentTask()!.Context, eagerStart: true);
        Assert.Equal("maker's", await task);
        Assert.Equal("eager", Value.Value);
        await Aio.Sleep(0);
        Assert.Equal("eager", Value.Value);

        static async Coroutine<string?> Exchange()
        {
            var before = Value.Value;
            Value.Value = "eager";
            return before;
        }
    });

    private static async Coroutine<string?> Exchange(string value)
    {
        await Aio.Sleep(0);
        var before = Value.Value;
        Value.Value = value;
        return before;
    }

    private static void Run(Func<Coroutine> main) => Aio.Run(main);
}
