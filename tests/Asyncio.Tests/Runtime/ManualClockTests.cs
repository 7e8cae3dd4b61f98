using Asyncio.Tests.Coroutines;
using Xunit;

namespace Asyncio.Tests.Runtime;

/// <summary>A loop on a clock that a test moves: what is due at a moment runs when the clock says that moment, not a little later.</summary>
public class ManualClockTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.0123456)]
    [InlineData(1.0 / 3)]
    [InlineData(86_399.9)]
    public void A_sleep_ends_when_the_clock_is_moved_by_just_that_time(double seconds) => OnLoop.InThread(() =>
    {
        var clock = new ManualClock();
        using var loop = new EventLoop(new EventLoopOptions { TimeProvider = clock });
        using var ended = new CancellationTokenSource();
        var mover = new Thread(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                SpinWait.SpinUntil(() => clock.IsAwaited || ended.IsCancellationRequested);
                clock.Advance(TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond)));
            }
        })
        { IsBackground = true };
        mover.Start();
        var slept = 0;
        var main = loop.CreateTask(Sleeps());
        loop.CallSoon(() => { }); // the loop is under way before it waits
        try
        {
            loop.RunUntilComplete(main);
        }
        finally
        {
            ended.Cancel();
            mover.Join();
        }

        Assert.Equal(3, slept);

        async Coroutine Sleeps()
        {
            for (; slept < 3; slept++)
            {
                await Aio.Sleep(seconds);
            }
        }
    });
}
