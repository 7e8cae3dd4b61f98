using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Combinators;

/// <summary>A second cancellation that finds the gathering already failed: nothing is reported as never retrieved.</summary>
public class GatherCancelledTwiceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelled_again_in_a_later_step(int times) => OnLoop.Run(async () =>
    {
        var parent = Aio.CreateTask(Parent());
        await Aio.Yield();
        await Aio.Yield();
        for (var i = 0; i <= times; i++)
        {
            parent.Cancel();
            await Aio.Yield();
        }

        await Aio.Wait([parent]);
        Assert.True(parent.IsCanceled);
    });

    [Fact]
    public void Children_first_then_the_parent() => OnLoop.Run(async () =>
    {
        var me = Aio.CurrentTask();
        var parent = Aio.CreateTask(Parent());
        await Aio.Yield();
        await Aio.Yield();
        foreach (var task in Aio.AllTasks().Where(task => task != me && task != parent))
        {
            task.Cancel();
        }

        await Aio.Yield();
        parent.Cancel();
        await Aio.Wait([parent]);
        Assert.True(parent.IsCanceled);
    });

    private static async Coroutine Parent() => await Aio.GatherAll([Slow(), Slow()]);

    private static async Coroutine Slow() => await Aio.Sleep(10);
}
