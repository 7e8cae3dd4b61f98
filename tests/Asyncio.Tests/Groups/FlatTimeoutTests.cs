using Asyncio.Tests.Combinators;
using Asyncio.Tests.Coroutines;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Groups;

/// <summary>What only the flat spelling has to find out: whether its body failed, and with what.</summary>
public class FlatTimeoutTests
{
    [Fact]
    public void It_converts_an_await_in_the_block_itself() => Run(async () =>
    {
        var error = await Record();
        Assert.IsType<TimeoutException>(error);
        Assert.IsType<CancelledException>(error.InnerException);
        Assert.Equal(0, Requests);

        static async Coroutine<Exception?> Record()
        {
            try
            {
                using (Aio.Timeout(TimeSpan.FromMilliseconds(10)))
                {
                    await Forever();
                }
            }
            catch (Exception e)
            {
                return e;
            }

            return null;
        }
    });

    [Fact]
    public void At_a_time() => Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var scope = Aio.TimeoutAt(loop.Time() + 60);
        scope.Dispose();
        scope.Dispose();
        Assert.Equal("<Timeout [finished]>", scope.ToString());
        Assert.Equal("Timeout", await Attempt(Past()));

        static async Coroutine Past()
        {
            using var scope = Aio.TimeoutAt(Aio.GetRunningLoop().Time() - 1);
            await Aio.Yield();
        }
    });

    [Fact]
    public void The_time_runs_from_the_call() => Run(async () =>
    {
        using var scope = Aio.Timeout(60);
        var when = scope.When();
        await Aio.Sleep(0.01);
        Assert.Equal(when, scope.When());
        Assert.InRange(when - Aio.GetRunningLoop().Time(), 0, 59.995);
    });

    [Fact]
    public void A_swallowed_cancellation_in_the_same_step_is_swallowed() => Run(async () =>
    {
        using (var scope = Aio.Timeout(0.01))
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                Assert.True(scope.Expired());
            }
        }

        Assert.Equal(0, Requests);
    });

    [Fact]
    public void Inside_a_catch_and_under_one_further_up_it_is_not_fooled() => Run(async () =>
    {
        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            Assert.Equal("result ()", await Attempt(Swallow()));
            using (Aio.Timeout(60))
            {
            }
        }

        OnLoop.InThread(static () =>
        {
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                Aio.Run(Swallow());
                Assert.Throws<TimeoutException>(() => Aio.Run(Pass()));
            }
        });

        static async Coroutine Pass()
        {
            using (Aio.Timeout(0.01))
            {
                await Forever();
            }
        }

        static async Coroutine Swallow()
        {
            using (Aio.Timeout(0.01))
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                }
            }
        }
    });

    [Fact]
    public void Inner_scopes_whose_cleanup_throws_and_catches_do_not_hide_the_cancellation() => Run(async () =>
    {
        Assert.Equal("Timeout", await Attempt(Body()));

        static async Coroutine Body()
        {
            using (Aio.Timeout(0.01))
            {
                using (new Noisy())
                {
                    await Forever();
                }
            }
        }
    });

    [Fact]
    public void Another_exception_thrown_in_the_cleanup_comes_out() => Run(async () =>
    {
        Assert.Equal("Format", await Attempt(Body(async: false)));
        Assert.Equal("Format", await Attempt(Body(async: true)));
        Assert.Equal("DivideByZero", await Attempt(Late()));
        Assert.Equal(0, Requests);

        static async Coroutine Body(bool async)
        {
            using (Aio.Timeout(0.01))
            {
                try
                {
                    await Forever();
                }
                finally
                {
                    if (async)
                    {
                        await Aio.Sleep(0.01);
                    }

                    throw new FormatException();
                }
            }
        }

        static async Coroutine Late()
        {
            using (Aio.Timeout(0.01))
            {
                await Attempt(Forever());
                await Aio.Yield();
                throw new DivideByZeroException();
            }
        }

    });

    [Fact]
    public void Exceptions_of_other_tasks_do_not_matter() => Run(async () =>
    {
        var noise = Aio.CreateTask(Noise());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("Timeout", await Attempt(Body()));
        }

        noise.Cancel();
        await Attempt(noise);

        static async Coroutine Noise()
        {
            while (true)
            {
                await Attempt(Throw(new FormatException()));
                await Aio.Yield();
            }
        }

        static async Coroutine Body()
        {
            using (Aio.Timeout(0.005))
            {
                try
                {
                    await Forever();
                }
                finally
                {
                    await Aio.Sleep(0.005);
                }
            }
        }
    });

    [Fact]
    public void It_can_be_left_in_code_of_NET_too() => Run(async () =>
    {
        Assert.Equal("Timeout", await Attempt(Call()));
        Assert.Equal(0, Requests);

        static async Coroutine Call() => await Foreign();

        static async Task Foreign()
        {
            using (Aio.Timeout(0.01))
            {
                await Aio.Sleep(60);
            }
        }
    });

    [Fact]
    public void Scopes_left_out_of_turn_leave_no_token_behind() => Run(async () =>
    {
        var first = Aio.Timeout(60);
        var second = Aio.Timeout(0);
        first.Dispose();
        var token = Aio.CancellationToken;
        Assert.Equal("Cancelled", await Attempt(Forever()));
        second.Dispose();
        await Spin(2);
        Assert.True(token.IsCancellationRequested);
        Assert.False(Aio.CancellationToken.IsCancellationRequested);
        Assert.Equal(0, Requests);
    });

    [Fact]
    public void It_belongs_to_the_task_that_made_it() => Run(async () =>
    {
        var scope = Aio.Timeout(60);
        await Aio.CreateTask(Other());
        scope.Dispose();

        async Coroutine Other() => Assert.Throws<InvalidOperationException>(scope.Dispose);
    });

    private sealed class Noisy : IDisposable
    {
        public void Dispose()
        {
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
            }
        }
    }
}
