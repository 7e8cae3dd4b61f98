using Asyncio.LowLevel;

namespace Asyncio.Http;

/// <summary>The loop's clock with the loop's timers, for libraries that take their time from a provider.</summary>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    public override long TimestampFrequency => loop.TimeProvider.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => loop.TimeProvider.LocalTimeZone;

    public override long GetTimestamp() => loop.TimeProvider.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => loop.TimeProvider.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LoopTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LoopTimer(EventLoop loop, TimerCallback callback, object? state) : ITimer
    {
        private TimerHandle? _next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _next = loop.CallLater(dueTime, () =>
                {
                    _next = null;
                    if (period > TimeSpan.Zero)
                    {
                        Change(period, period);
                    }

                    callback(state);
                });
            }

            return true;
        }

        public void Dispose()
        {
            _next?.Cancel();
            _next = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
