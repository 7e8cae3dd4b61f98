using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class TaskTests
{
    [Fact]
    public void A_task_starts_in_the_next_iteration_and_gives_its_result_to_all() => OnLoop.Run(async () =>
    {
        var started = false;
        var task = Aio.CreateTask(Body());
        Assert.False(started);
        await Aio.Yield();
        Assert.True(started);
        Assert.Equal(3, await task);
        Assert.Equal(3, await task);
        Assert.Equal(3, task.Result());
        Assert.Null(task.Exception());
        Assert.True(task.Done() && !task.Cancelled() && task.IsCompletedSuccessfully);
        Assert.False(task.Cancel());

        async Coroutine<int> Body()
        {
            started = true;
            await Aio.Yield();
            return 3;
        }
    });

    [Fact]
    public void Names_are_counted_and_can_be_set() => OnLoop.Run(async () =>
    {
        var first = Aio.CreateTask(Coroutine.Completed);
        var second = Aio.CreateTask(Coroutine.Completed);
        var given = Aio.CreateTask(Coroutine.Completed, name: "given");
        Assert.Matches(@"^Task-\d+$", first.Name);
        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal("given", given.Name);
        given.Name = "other";
        Assert.Equal("other", given.Name);
        Assert.Contains("other", given.ToString(), StringComparison.Ordinal);
        Assert.Equal(first.Name, first.Name);
        await first;
        await second;
        await given;
    });

    [Fact]
    public void It_knows_its_coroutine_loop_and_context() => OnLoop.Run(async () =>
    {
        var coroutine = Body();
        var context = Context.CopyCurrent();
        var task = Aio.CreateTask(coroutine, context: context);
        Assert.Equal(coroutine, task.GetCoroutine());
        Assert.Equal("TaskTests.Body", task.GetCoroutine().Name);
        Assert.Same(context, task.Context);
        Assert.Same(Aio.GetRunningLoop(), task.Loop);
        await task;

        var plain = Body();
        var other = Aio.CreateTask(plain);
        Assert.True(plain == other.GetCoroutine());
        Assert.Same(other.Context, other.Context);
        await other;
        Assert.Equal("TaskTests.Body", other.GetCoroutine().Name);
    });

    [Fact]
    public void Its_outcome_cannot_be_set() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Coroutine.FromResult(1));
        Assert.Contains("Task does not support set_result operation", Assert.Throws<InvalidOperationException>(() => task.SetResult(2)).Message, StringComparison.Ordinal);
        Assert.Contains("Task does not support set_exception operation", Assert.Throws<InvalidOperationException>(() => task.SetException(new FormatException())).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => task.TrySetResult(2));
        Assert.Throws<InvalidOperationException>(() => ((Future<int>)task).TrySetException(new FormatException()));
        Assert.Equal(1, await task);
    });

    [Fact]
    public void The_exception_of_a_task_is_kept_and_thrown_at_each_await() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Fail());
        var first = await OnLoop.Throws<FormatException>(async () => await task);
        Assert.Same(first, await OnLoop.Throws<FormatException>(async () => await task));
        Assert.Same(first, task.Exception());
        Assert.True(task.IsFaulted);

        static async Coroutine Fail()
        {
            await Aio.Yield();
            throw new FormatException();
        }
    });

    [Fact]
    public void CreateTask_needs_a_running_loop_and_an_open_one() => OnLoop.InThread(() =>
    {
        Assert.Throws<InvalidOperationException>(() => Aio.CreateTask(Body()));
        Assert.Throws<InvalidOperationException>(() => Aio.CurrentTask());
        Assert.Throws<InvalidOperationException>(() => Aio.AllTasks());
        var loop = new EventLoop();
        loop.Close();
        Assert.Throws<InvalidOperationException>(() => loop.CreateTask(Body()));
    });

    [Fact]
    public void A_task_made_before_the_loop_runs_begins_with_it() => OnLoop.InThread(() =>
    {
        using var loop = new EventLoop();
        var task = loop.CreateTask(Body());
        Assert.False(task.Done());
        Assert.Equal(1, loop.RunUntilComplete(task));
    });

    private static async Coroutine<int> Body()
    {
        await Aio.Yield();
        return 1;
    }
}
