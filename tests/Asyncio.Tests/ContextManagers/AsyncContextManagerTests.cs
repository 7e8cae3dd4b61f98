using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.ContextManagers;

/// <summary>What CPython has no counterpart for; the rest is in the conformance scenarios.</summary>
public class AsyncContextManagerTests
{
    [Fact]
    public void It_gives_what_the_body_gives() => OnLoop.Run(async () =>
    {
        Assert.Equal(7, await Aio.With(AsyncContextManager.Null(3), async value => value + 4));
        Assert.Equal(4, await Aio.With(AsyncContextManager.Null(3), async () => 4));
    });

    [Fact]
    public void A_failure_that_is_swallowed_gives_the_default() => OnLoop.Run(async () =>
    {
        var swallowing = AsyncContextManager.Create(async () => 1, async (int _, Exception? error) => error is FormatException);
        Assert.Equal(0, await Aio.With(swallowing, async Coroutine<int> (value) => throw new FormatException($"{value}")));
    });

    [Fact]
    public void A_manager_may_be_entered_again_but_not_twice_at_once() => OnLoop.Run(async () =>
    {
        foreach (var manager in new[] { AsyncContextManager.Create(One), AsyncContextManager.Create(async () => 1, async (int _, Exception? _) => { }) })
        {
            await Aio.With(manager, async () => { });
            await Aio.With(manager, async value =>
            {
                Assert.Equal(1, value);
                var error = await OnLoop.Throws<InvalidOperationException>(async () => await Aio.With(manager, async () => { }));
                Assert.Contains("entered already", error.Message, StringComparison.Ordinal);
            });
            await OnLoop.Throws<InvalidOperationException>(async () => await manager.ExitAsync(null));
        }

        static async IAsyncEnumerable<int> One()
        {
            await Aio.Yield();
            yield return 1;
        }
    });

    [Fact]
    public void One_that_could_not_be_entered_may_be_entered_later() => OnLoop.Run(async () =>
    {
        var tries = 0;
        var manager = AsyncContextManager.Create(async () => ++tries == 1 ? throw new FormatException() : tries, async (int _, Exception? _) => { });
        await OnLoop.Throws<FormatException>(async () => await Aio.With(manager, async () => { }));
        Assert.Equal(2, await Aio.With(manager, async value => value));
    });

    [Fact]
    public void Nothing_happens_before_the_await() => OnLoop.Run(async () =>
    {
        var entered = false;
        var manager = AsyncContextManager.Create(async () => entered = true, async (bool _, Exception? _) => { });
        var coroutine = Aio.With(manager, async () => { });
        await Aio.Yield();
        Assert.False(entered);
        await coroutine;
        Assert.True(entered);
    });

    [Fact]
    public void Null_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => AsyncContextManager.Create<int>(null!));
        Assert.Throws<ArgumentNullException>(() => AsyncContextManager.Closing<IAsyncDisposable>(null!));
        Assert.Throws<ArgumentNullException>(() => Aio.With(AsyncContextManager.Null(1), (Func<Coroutine>)null!));
        Assert.Throws<ArgumentNullException>(() => Aio.With<int>(null!));
    }
}
