using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.ContextManagers;

/// <summary>The flat spelling: <c>await using var scope = await Aio.With(manager)</c>.</summary>
public class AsyncContextScopeTests
{
    private static IAsyncContextManager<int> Manager(List<string> log) =>
        AsyncContextManager.Create(async () => 5, async (int _, Exception? error) =>
        {
            await Aio.Yield();
            log.Add(error?.GetType().Name ?? "none");
        });

    [Fact]
    public void Completed_it_is_left_once_and_without_an_error() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await using (var scope = await Aio.With(Manager(log)))
        {
            Assert.Equal(5, scope.Value);
            await scope.CompleteAsync();
            Assert.Equal(["none"], log);
        }

        Assert.Equal(["none"], log);
    });

    [Fact]
    public void Left_otherwise_the_manager_is_told_a_failure() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await using (await Aio.With(Manager(log)))
        {
        }

        Assert.Equal([nameof(ScopeNotCompletedException)], log);
        await OnLoop.Throws<FormatException>(async () =>
        {
            await using var scope = await Aio.With(Manager(log));
            throw new FormatException();
        });
        Assert.Equal(2, log.Count);
    });

    [Fact]
    public void An_iterator_runs_what_follows_its_yield_only_if_completed() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await using (await Aio.With(AsyncContextManager.Create(Transaction)))
        {
        }

        await using (var scope = await Aio.With(AsyncContextManager.Create(Transaction)))
        {
            await scope.CompleteAsync();
        }

        Assert.Equal(["close", "commit", "close"], log);

        async IAsyncEnumerable<int> Transaction()
        {
            try
            {
                yield return 1;
                log.Add("commit");
            }
            finally
            {
                log.Add("close");
            }
        }
    });

    [Fact]
    public void A_manager_that_throws_it_again_does_not_hide_the_error_of_the_block() => OnLoop.Run(async () =>
    {
        var manager = AsyncContextManager.Create(async () => 1, async (int _, Exception? error) =>
        {
            if (error is not null)
            {
                throw error;
            }
        });
        await OnLoop.Throws<FormatException>(async () =>
        {
            await using var scope = await Aio.With(manager);
            throw new FormatException();
        });
    });
}
