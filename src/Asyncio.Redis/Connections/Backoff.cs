namespace Asyncio.Redis.Connections;

/// <summary>How long to wait before the next attempt: doubled each time, up to a limit, and spread so that many clients do not come back in one moment.</summary>
internal sealed class Backoff(EventLoop loop, RedisOptions options)
{
    private int _failures;

    public bool MayTryAgain => _failures < options.ConnectAttempts - 1;

    /// <summary>It worked: the next failure is the first again.</summary>
    public void Reset() => _failures = 0;

    public Coroutine WaitAsync()
    {
        var longest = Math.Min(options.BackoffLimit, options.Backoff * Math.Pow(2, Math.Min(_failures++, 60)));
        return Aio.Sleep(longest * (0.5 + (0.5 * Fraction())));
    }

    // From the loop's clock, so that virtual time replays it; its low bits are as good as any for this.
    private double Fraction()
    {
        var mixed = (ulong)BitConverter.DoubleToInt64Bits(loop.Time()) * 0x9E3779B97F4A7C15;
        return (mixed >> 40) / (double)(1 << 24);
    }
}
