using Xunit;

namespace Asyncio.Tests.Coroutines;

public class LazyStartTests
{
    [Fact]
    public void Calling_runs_nothing_of_the_body()
    {
        var ran = false;
        var coroutine = Body();
        Assert.False(ran);
        coroutine.Close();

        async Coroutine Body()
        {
            ran = true;
            await Aio.Yield();
        }
    }

    [Fact]
    public void An_exception_in_the_body_is_thrown_at_the_await_and_not_at_the_call() => OnLoop.Run(async () =>
    {
        var coroutine = Fail();
        await OnLoop.Throws<FormatException>(() => coroutine);

        static async Coroutine Fail()
        {
            throw new FormatException();
#pragma warning disable CS0162 // it must be an async method with an await
            await Aio.Yield();
#pragma warning restore CS0162
        }
    });

    [Fact]
    public void The_body_starts_at_the_await_and_runs_on_without_a_step_of_the_loop() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        Aio.GetRunningLoop().CallSoon(() => log.Add("loop"));
        var coroutine = Body();
        log.Add("before");
        log.Add(await coroutine);
        log.Add("after");
        await Aio.Yield();
        Assert.Equal(["before", "body", "result", "after", "loop"], log);

        async Coroutine<string> Body()
        {
            log.Add("body");
            return await Coroutine.FromResult("result");
        }
    });

    [Fact]
    public void A_coroutine_made_on_one_thread_runs_on_another()
    {
        var made = 0;
        var ran = 0;
        var coroutine = Make();
        OnLoop.InThread(() =>
        {
            using var loop = new EventLoop();
            Assert.Equal(7, loop.RunUntilComplete(coroutine));
        });
        Assert.Equal(Environment.CurrentManagedThreadId, made);
        Assert.NotEqual(made, ran);

        Coroutine<int> Make()
        {
            made = Environment.CurrentManagedThreadId;
            return Body();
        }

        async Coroutine<int> Body()
        {
            ran = Environment.CurrentManagedThreadId;
            await Aio.Sleep(0.001);
            return 7;
        }
    }
}
