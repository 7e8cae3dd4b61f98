using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Tasks;

public class TaskStackTests
{
    [Fact]
    public void A_suspended_task_shows_the_chain_of_its_awaits() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Outer());
        Assert.Equal(["TaskStackTests.Outer"], Names(task));
        await Aio.Yield();
        Assert.Equal(["TaskStackTests.Outer", "TaskStackTests.Middle", "TaskStackTests.Inner", "Aio.Sleep"], Names(task));
        Assert.Equal(["TaskStackTests.Inner", "Aio.Sleep"], task.GetStack(2).Select(frame => frame.Name));
        Assert.Equal(1, task.GetStack()[1].State);
        var text = new StringWriter();
        task.PrintStack(text);
        Assert.Contains("TaskStackTests.Middle (await 1)", text.ToString(), StringComparison.Ordinal);
        task.Cancel();
        await OnLoop.Iterations(2);
        Assert.Empty(task.GetStack());
    });

    [Fact]
    public void A_running_one_shows_where_it_runs() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Looking());
        Assert.Equal(["TaskStackTests.Looking", "TaskStackTests.Look"], await task);
        Assert.Empty(task.GetStack());
    });

    [Fact]
    public void A_failed_one_prints_its_exception() => OnLoop.Run(async () =>
    {
        var task = Aio.CreateTask(Fail());
        await OnLoop.Iterations(2);
        var text = new StringWriter();
        task.PrintStack(text);
        Assert.Contains("Traceback for", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("TaskStackTests.Fail", text.ToString(), StringComparison.Ordinal);
        task.Exception();
    });

    private static async Coroutine Fail()
    {
        await Aio.Yield();
        throw new FormatException();
    }

    private static string[] Names(IAsyncTask task) => [.. task.GetStack().Select(frame => frame.Name)];

    private static async Coroutine<string[]> Looking()
    {
        await Aio.Sleep(0.001);
        await Middleless();
        return await Look();
    }

    private static async Coroutine Middleless()
    {
        await Aio.Sleep(0.001);
        await Aio.Yield();
    }

    private static async Coroutine<string[]> Look()
    {
        var names = Names(Aio.CurrentTask()!);
        await Coroutine.Completed;
        return names;
    }

    private static async Coroutine Outer() => await Middle();

    private static async Coroutine Middle()
    {
        await Coroutine.FromResult(0);
        await Inner();
    }

    private static async Coroutine Inner() => await Aio.Sleep(1_000);
}
