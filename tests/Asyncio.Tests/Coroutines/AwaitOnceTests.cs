using Xunit;

namespace Asyncio.Tests.Coroutines;

public class AwaitOnceTests
{
    private static async Coroutine<int> Answer()
    {
        await Aio.Yield();
        return 42;
    }

    private static async Coroutine Work() => await Aio.Yield();

    [Fact]
    public void An_awaiter_that_is_used_up_does_not_touch_what_its_frame_serves_now() => OnLoop.Run(async () =>
    {
        var (first, second) = (new AsyncLock(), new AsyncLock());
        var stale = first.AcquireAsync().GetAwaiter();
        Assert.True(stale.IsCompleted);
        stale.GetResult();
        var fresh = second.AcquireAsync();
        var again = fresh.GetAwaiter(); // most likely in the same frame
        _ = stale.IsCompleted;
        Assert.False(second.IsLocked);
        Assert.Throws<InvalidOperationException>(() => stale.GetResult());
        Assert.True(again.IsCompleted);
        again.GetResult();
        Assert.True(second.IsLocked);
        await Aio.Sleep(0);
    });

    [Fact]
    public void A_second_await_is_an_error_that_names_the_method() => OnLoop.Run(async () =>
    {
        var coroutine = Answer();
        Assert.Equal(42, await coroutine);
        var error = await OnLoop.Throws<InvalidOperationException>(async () => await coroutine);
        Assert.Contains("AwaitOnceTests.Answer", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void So_is_one_after_the_frame_has_been_used_for_other_calls() => OnLoop.Run(async () =>
    {
        var first = Answer();
        await first;
        for (var i = 0; i < 70_000; i++)
        {
            await Answer();
        }

        var pending = Answer();
        await OnLoop.Throws<InvalidOperationException>(async () => await first);
        Assert.Equal(42, await pending);
    });

    [Fact]
    public void So_is_one_while_the_first_still_runs() => OnLoop.Run(async () =>
    {
        var coroutine = Work();
        var first = Aio.CreateTask(Await(coroutine));
        var second = Aio.CreateTask(Await(coroutine));
        await first;
        var error = await OnLoop.Throws<InvalidOperationException>(async () => await second);
        Assert.Contains("AwaitOnceTests.Work", error.Message, StringComparison.Ordinal);

        static async Coroutine Await(Coroutine coroutine) => await coroutine;
    });

    [Fact]
    public void So_is_one_after_Close_or_CreateTask() => OnLoop.Run(async () =>
    {
        var closed = Work();
        closed.Close();
        await OnLoop.Throws<InvalidOperationException>(async () => await closed);

        var taken = Answer();
        var task = Aio.CreateTask(taken);
        await OnLoop.Throws<InvalidOperationException>(async () => await taken);
        Assert.Throws<InvalidOperationException>(() => Aio.CreateTask(taken));
        Assert.Equal(42, await task);
        await OnLoop.Throws<InvalidOperationException>(async () => await task.GetCoroutine());
    });

    [Fact]
    public void Close_throws_an_unstarted_one_away_and_is_harmless_otherwise() => OnLoop.Run(async () =>
    {
        var ran = false;
        var coroutine = Body();
        coroutine.Close();
        coroutine.Close();
        Assert.False(ran);

        var other = Body(); // may stand in the frame that Close gave back
        coroutine.Close();
        await other;
        Assert.True(ran);
        other.Close();
        default(Coroutine).Close();
        Coroutine.Completed.Close();

        async Coroutine Body()
        {
            ran = true;
            await Aio.Yield();
        }
    });

    [Fact]
    public void Close_of_one_that_runs_does_nothing() => OnLoop.Run(async () =>
    {
        var coroutine = Answer();
        var task = Aio.CreateTask(coroutine);
        await Aio.Yield();
        coroutine.Close();
        Assert.Equal(42, await task);
    });

    [Fact]
    public void GetResult_before_the_end_is_an_error() => OnLoop.Run(async () =>
    {
        await Coroutine.Completed;
        var error = Assert.Throws<InvalidOperationException>(() => Answer().GetAwaiter().GetResult());
        Assert.Contains("AwaitOnceTests.Answer has not ended", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_default_value_says_that_it_is_no_coroutine() => OnLoop.Run(async () =>
    {
        Assert.Contains("default(Coroutine)", (await OnLoop.Throws<InvalidOperationException>(async () => await default(Coroutine))).Message, StringComparison.Ordinal);
        Assert.Contains("default(Coroutine)", (await OnLoop.Throws<InvalidOperationException>(async () => await default(Coroutine<string>))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Aio.CreateTask(default(Coroutine)));
        Assert.Throws<InvalidOperationException>(() => Aio.CreateTask(default(Coroutine<int>)));
        await OnLoop.Throws<InvalidOperationException>(async () => await default(Coroutine).AsCoroutine());
        Assert.Equal("default(Coroutine)", default(Coroutine).Name);
    });
}
