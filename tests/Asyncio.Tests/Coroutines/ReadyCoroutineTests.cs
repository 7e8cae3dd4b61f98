using Xunit;

namespace Asyncio.Tests.Coroutines;

public class ReadyCoroutineTests
{
    [Fact]
    public void FromResult_and_Completed_may_be_awaited_many_times() => OnLoop.Run(async () =>
    {
        var value = Coroutine.FromResult("x");
        var done = Coroutine.Completed;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("x", await value);
            await done;
            Assert.Equal("x", await Aio.CreateTask(value));
            await Aio.CreateTask(done);
            Assert.Equal("x", await value.AsFuture());
        }
    });

    [Fact]
    public void They_do_not_suspend() => OnLoop.Run(async () =>
    {
        var other = false;
        Aio.GetRunningLoop().CallSoon(() => other = true);
        await Coroutine.FromResult(1);
        await Coroutine.Completed;
        Assert.False(other);
    });

    [Fact]
    public void FromException_throws_the_very_exception_once() => OnLoop.Run(async () =>
    {
        var error = new FormatException();
        var failed = Coroutine.FromException(error);
        Assert.Same(error, await OnLoop.Throws<FormatException>(() => failed));
        await OnLoop.Throws<InvalidOperationException>(async () => await failed);

        var typed = Coroutine.FromException<int>(error);
        Assert.Same(error, await OnLoop.Throws<FormatException>(async () => await typed));
        Assert.Throws<ArgumentNullException>(() => { Coroutine.FromException(null!); });
    });

    [Fact]
    public void Handles_of_one_call_are_equal() => OnLoop.Run(async () =>
    {
        var one = Aio.Sleep(0.001);
        var same = one;
        var other = Aio.Sleep(0.001);
        Assert.True(one == same);
        Assert.True(one != other);
        Assert.Equal(Coroutine.FromResult(3), Coroutine.FromResult(3));
        Assert.NotEqual(Coroutine.FromResult(3), Coroutine.FromResult(4));
        await one;
        await other;
    });

    [Fact]
    public void A_yield_is_awaitable_in_every_shape() => OnLoop.Run(async () =>
    {
        await Aio.Yield();
        await Aio.Sleep(0);
        await Aio.Sleep(-1);
        await Aio.CreateTask(Aio.Yield());
        await Aio.Yield().AsCoroutine();
        await Aio.Yield().AsFuture();
        Assert.Equal("x", await Aio.Sleep(0, "x"));
        await Helper();

        static async Task Helper()
        {
            await Aio.Yield();
            await Aio.Sleep(0);
        }
    });
}
