using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>What is refused, and by what words.</summary>
public class RefusalTests
{
    [Fact]
    public void A_loop_inside_a_loop_is_named_as_such() => OnLoop.Run(async () =>
    {
        await Aio.Yield();
        using var other = new EventLoop();
        var error = Assert.Throws<InvalidOperationException>(() => other.RunUntilComplete(Aio.Sleep(0.01)));
        Assert.Contains("while another loop is running", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => Aio.GetRunningLoop().RunUntilComplete(Aio.Sleep(0.01)));
        Assert.Contains("already running", error.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    public void Settings_in_seconds_are_checked_where_they_are_set(double seconds)
    {
        using var loop = new EventLoop();
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.ForeignCancellationGrace = seconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.SlowCallbackDuration = seconds);
        Assert.Equal((1, 0.1), (loop.ForeignCancellationGrace, loop.SlowCallbackDuration));
    }

    [Fact]
    public void A_wait_for_null_says_so() => OnLoop.Run(async () =>
    {
        var future = new Future<int>();
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Aio.Wait([future, null!]));
        Assert.Contains("null", error.Message, StringComparison.Ordinal);
    });
}
