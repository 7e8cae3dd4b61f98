using Xunit;
using static Asyncio.Tests.Synchronization.Turns;

namespace Asyncio.Tests.Synchronization;

public class AsyncBarrierTests
{
    [Fact]
    public void All_go_on_when_the_last_has_come_and_each_has_its_index() => Run(async () =>
    {
        var barrier = new AsyncBarrier(3);
        Assert.Equal(3, barrier.Parties);
        for (var round = 0; round < 3; round++)
        {
            var a = Aio.CreateTask(barrier.WaitAsync());
            var b = Aio.CreateTask(barrier.WaitAsync());
            await Pass(2);
            Assert.Equal(2, barrier.Waiting);
            Assert.Equal("<AsyncBarrier [filling, waiters:2/3]>", barrier.ToString());
            Assert.Equal(2, await barrier.WaitAsync());
            Assert.Equal("<AsyncBarrier [draining, waiters:0/3]>", barrier.ToString());
            Assert.Equal(0, await a);
            Assert.Equal(1, await b);
            Assert.Equal(new AsyncBarrierStatistics(3, 0, false), barrier.Statistics);
        }
    });

    [Fact]
    public void One_party_never_waits() => Run(async () =>
    {
        var barrier = new AsyncBarrier(1);
        Assert.Equal(0, await barrier.WaitAsync());
        Assert.Equal(0, await barrier.WaitAsync());
    });

    [Fact]
    public void Less_than_one_party_is_refused() =>
        Assert.StartsWith("parties must be >= 1", Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncBarrier(0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Who_comes_while_the_others_leave_waits_until_they_have() => Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var first = Aio.CreateTask(barrier.WaitAsync());
        await Pass(2);
        await barrier.WaitAsync();
        var next = Aio.CreateTask(barrier.WaitAsync()); // still draining
        Assert.Equal(0, await first);
        await Pass(3);
        Assert.Equal(1, barrier.Waiting);
        Assert.Equal(1, await barrier.WaitAsync());
        Assert.Equal(0, await next);
    });

    [Fact]
    public void Cancelling_one_lowers_the_count_and_breaks_nothing() => Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var a = Aio.CreateTask(Wait(barrier));
        await Pass(2);
        a.Cancel();
        Assert.Equal("cancelled", await Outcome(a));
        Assert.Equal(0, barrier.Waiting);
        Assert.False(barrier.IsBroken);
        var b = Aio.CreateTask(Wait(barrier));
        await Pass(2);
        await barrier.WaitAsync();
        Assert.Equal("done", await Outcome(b));
    });

    [Fact]
    public void Reset_throws_out_those_who_wait_and_makes_it_as_new() => Run(async () =>
    {
        var barrier = new AsyncBarrier(3);
        var a = Aio.CreateTask(barrier.WaitAsync());
        var b = Aio.CreateTask(barrier.WaitAsync());
        await Pass(2);
        await barrier.ResetAsync();
        Assert.Equal("<AsyncBarrier [resetting, waiters:0/3]>", barrier.ToString());
        Assert.Equal("Abort or reset of barrier", (await Error<BrokenBarrierException, int>(Join(a))).Message);
        Assert.Equal("Abort or reset of barrier", (await Error<BrokenBarrierException, int>(Join(b))).Message);
        Assert.Equal("<AsyncBarrier [filling, waiters:0/3]>", barrier.ToString());
        var tasks = Enumerable.Range(0, 3).Select(_ => Aio.CreateTask(Wait(barrier))).ToArray();
        await All(tasks);
        Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
    });

    [Fact]
    public void Abort_breaks_it_until_it_is_reset() => Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var a = Aio.CreateTask(barrier.WaitAsync());
        await Pass(2);
        await barrier.AbortAsync();
        Assert.True(barrier.IsBroken);
        Assert.Equal("<AsyncBarrier [broken]>", barrier.ToString());
        Assert.Equal("Barrier aborted", (await Error<BrokenBarrierException, int>(barrier.WaitAsync())).Message);
        Assert.Equal("Abort or reset of barrier", (await Error<BrokenBarrierException, int>(Join(a))).Message);
        await barrier.ResetAsync();
        Assert.False(barrier.IsBroken);
        var b = Aio.CreateTask(barrier.WaitAsync());
        await Pass(2);
        Assert.Equal(1, await barrier.WaitAsync());
        Assert.Equal(0, await b);
    });

    [Fact]
    public void It_belongs_to_the_loop_on_which_a_task_first_waited() => AssertBoundTo(new AsyncBarrier(2).WaitAsync, "AsyncCondition");

    private static async Coroutine Wait(AsyncBarrier barrier) => await barrier.WaitAsync();

    private static async Coroutine<int> Join(AsyncTask<int> task) => await task;
}
