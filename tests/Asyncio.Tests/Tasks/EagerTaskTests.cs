using Asyncio.LowLevel;
using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class EagerTaskTests
{
    private static readonly AsyncLocal<string?> s_local = new();

    [Fact]
    public void The_first_step_runs_inside_the_call() => OnLoop.Run(async () =>
    {
        var main = Aio.CurrentTask();
        IAsyncTask? inside = null;
        var listed = false;
        var task = Aio.CreateTask(Body(), name: "eager", eagerStart: true);
        Assert.Same(task, inside);
        Assert.Equal("eager", inside!.Name);
        Assert.True(listed);
        Assert.Same(main, Aio.CurrentTask());
        Assert.False(task.Done());
        Assert.Equal("EagerTaskTests.Body", task.GetCoroutine().Name);
        await task;

        async Coroutine Body()
        {
            inside = Aio.CurrentTask();
            listed = Aio.AllTasks().Contains(inside!);
            await Aio.Yield();
        }
    });

    [Fact]
    public void One_that_does_not_suspend_is_returned_done() => OnLoop.Run(async () =>
    {
        var other = false;
        Aio.GetRunningLoop().CallSoon(() => other = true);
        var task = Aio.CreateTask(Body(), eagerStart: true);
        Assert.True(task.Done());
        Assert.Equal(default, task.GetCoroutine());
        Assert.False(task.Cancel());
        Assert.Equal(5, await task);
        Assert.False(other);
        Assert.Single(Aio.AllTasks());

        static async Coroutine<int> Body()
        {
            await Coroutine.Completed;
            return 5;
        }
    });

    [Fact]
    public void An_exception_is_stored_and_not_thrown_from_the_call() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Coroutine.FromException(new FormatException()), eagerStart: true);
        Assert.True(task.IsFaulted);
        await OnLoop.Throws<FormatException>(async () => await task);
    });

    [Fact]
    public void It_runs_in_a_context_of_its_own() => OnLoop.Run(async () =>
    {
        s_local.Value = "creator";
        var task = Aio.CreateTask(Body(), eagerStart: true);
        Assert.Equal("creator", s_local.Value);
        s_local.Value = "changed";
        Assert.Equal("creator then task", await task);
        Assert.Equal("changed", s_local.Value);

        static async Coroutine<string> Body()
        {
            var seen = s_local.Value;
            s_local.Value = "task";
            await Aio.Yield();
            return $"{seen} then {s_local.Value}";
        }
    });

    [Fact]
    public void Cancelled_right_after_its_creation_it_gets_the_message() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Aio.Sleep(1_000), eagerStart: true);
        task.Cancel("soon");
        Assert.Equal("soon", (await OnLoop.Throws<CancelledException>(async () => await task)).CancelMessage);
    });

    [Fact]
    public void With_a_token_that_was_tripped_before_its_body_never_runs() => OnLoop.Run(async () =>
    {
        var began = false;
        var task = Aio.CreateTask(Begin(), eagerStart: true, cancellationToken: new CancellationToken(canceled: true));
        await Aio.Wait([task]);
        Assert.True(task.IsCanceled);
        Assert.False(began);

        async Coroutine Begin()
        {
            began = true;
            await Aio.Sleep(0);
        }
    });

    [Fact]
    public void However_deep_they_nest_the_stack_suffices() => OnLoop.Run(async () =>
    {
        Assert.Equal(100_000, await Aio.CreateTask(Nest(100_000), eagerStart: true));

        static async Coroutine<int> Nest(int depth) => depth == 0 ? 0 : 1 + await Aio.CreateTask(Nest(depth - 1), eagerStart: true);
    });

    [Fact]
    public void Eager_tasks_nest() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        var outer = Aio.CreateTask(Outer(), name: "outer", eagerStart: true);
        log.Add("made");
        await outer;
        Assert.Equal(["outer", "inner", "outer", "made", "inner", "outer"], log);

        async Coroutine Outer()
        {
            log.Add(Aio.CurrentTask()!.Name);
            var inner = Aio.CreateTask(Inner(), name: "inner", eagerStart: true);
            log.Add(Aio.CurrentTask()!.Name);
            await inner;
            log.Add(Aio.CurrentTask()!.Name);
        }

        async Coroutine Inner()
        {
            log.Add(Aio.CurrentTask()!.Name);
            await Aio.Yield();
            log.Add(Aio.CurrentTask()!.Name);
        }
    });

    [Fact]
    public void Before_the_loop_runs_it_is_scheduled() => OnLoop.InThread(() =>
    {
        using var loop = new EventLoop();
        var task = loop.CreateTask(Coroutine.FromResult(1), eagerStart: true);
        Assert.False(task.Done());
        Assert.Equal(1, loop.RunUntilComplete(task));
    });

    [Fact]
    public void The_eager_factory_makes_all_tasks_so_but_for_those_that_decline() => OnLoop.Run(
        async () =>
        {
            Assert.True(Aio.CreateTask(Coroutine.FromResult(1)).Done());
            Assert.True(Aio.CreateTask(Coroutine.Completed).Done());
            var lazy = Aio.CreateTask(Coroutine.Completed, eagerStart: false);
            Assert.False(lazy.Done());
            await lazy;
        },
        loop => loop.SetTaskFactory(Aio.EagerTaskFactory));

    [Fact]
    public void A_factory_of_the_users_makes_the_tasks() => OnLoop.Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        Assert.Null(loop.GetTaskFactory());
        var factory = new Naming();
        loop.SetTaskFactory(factory);
        Assert.Same(factory, loop.GetTaskFactory());
        var one = Aio.CreateTask(Coroutine.FromResult(1), name: "x");
        var two = Aio.CreateTask(Coroutine.Completed);
        loop.SetTaskFactory(null);
        var three = Aio.CreateTask(Coroutine.Completed, name: "y");
        Assert.Equal(["made x", "made ", "y"], [one.Name, two.Name, three.Name]);
        await one;
        await two;
        await three;
    });

    private sealed class Naming : AsyncTaskFactory
    {
        public override AsyncTask Create(EventLoop loop, Coroutine coroutine, AsyncTaskOptions options) =>
            base.Create(loop, coroutine, options with { Name = "made " + options.Name });

        public override AsyncTask<T> Create<T>(EventLoop loop, Coroutine<T> coroutine, AsyncTaskOptions options) =>
            base.Create(loop, coroutine, options with { Name = "made " + options.Name });
    }
}
