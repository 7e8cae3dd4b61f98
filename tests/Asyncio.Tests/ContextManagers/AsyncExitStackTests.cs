using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.ContextManagers;

public class AsyncExitStackTests
{
    private sealed class Resource(List<string> log, string name) : IAsyncDisposable, IDisposable
    {
        public void Dispose() => log.Add($"{name} at once");

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            log.Add(name);
        }
    }

    [Fact]
    public void It_disposes_of_resources_backwards() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await AsyncExitStack.Run(async stack =>
        {
            var first = stack.Push(new Resource(log, "first"));
            stack.PushDisposable(new Resource(log, "second"));
            Assert.Equal(2, stack.Count);
            Assert.NotNull(first);
        });
        Assert.Equal(["second at once", "first"], log);
    });

    [Fact]
    public void Flat_it_unwinds_at_the_end_of_the_block() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await using (var stack = new AsyncExitStack())
        {
            stack.Push(new Resource(log, "a"));
            stack.PushExit(async error =>
            {
                log.Add(error!.GetType().Name);
                return true;
            });
        }

        Assert.Equal([nameof(ScopeNotCompletedException), "a"], log);
    });

    [Fact]
    public void Flat_and_closed_it_tells_no_failure_and_can_be_used_again() => OnLoop.Run(async () =>
    {
        var log = new List<string>();
        await using var stack = new AsyncExitStack();
        for (var i = 0; i < 2; i++)
        {
            stack.PushExit(async error =>
            {
                log.Add(error is null ? "none" : "error");
                return false;
            });
            await stack.CloseAsync();
        }

        Assert.Equal(["none", "none"], log);
        Assert.Equal(0, stack.Count);
    });

    [Fact]
    public void A_hundred_thousand_exits_do_not_overflow() => OnLoop.Run(async () =>
    {
        var count = 0;
        await AsyncExitStack.Run(async stack =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                stack.PushCallback(async () => count++);
            }
        });
        Assert.Equal(100_000, count);
    });

    [Fact]
    public void Null_is_refused_at_once()
    {
        var stack = new AsyncExitStack();
        Assert.Throws<ArgumentNullException>(() => stack.EnterAsync<int>(null!));
        Assert.Throws<ArgumentNullException>(() => stack.Push<IAsyncDisposable>(null!));
        Assert.Throws<ArgumentNullException>(() => stack.PushDisposable<IDisposable>(null!));
        Assert.Throws<ArgumentNullException>(() => stack.PushExit(null!));
        Assert.Throws<ArgumentNullException>(() => stack.PushCallback(null!));
        Assert.Equal(0, stack.Count);
    }
}
