using System.Threading.RateLimiting;

namespace Asyncio.Http;

/// <summary>A limiter of the user's. Its permit is taken when it is there, which may be before a connection is.</summary>
internal sealed class ForeignPace(RateLimiter limiter) : Pace
{
    public override AsyncLock? Line => null;

    // Whether it is full it does not tell in general; one that was idle for long is.
    public override bool IsIdle => limiter.IdleDuration > TimeSpan.FromMinutes(1);

    public override bool IsAvailable => false;

    public override async Coroutine<IDisposable?> UntilAvailable(ClientRequest request)
    {
        var lease = await limiter.AcquireAsync(1, Aio.CancellationToken);
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            throw new RateLimitException($"{request}: the rate limit refused it, as too many wait already.") { Method = request.Method, Url = request.Url };
        }

        return lease;
    }

    public override void Take()
    {
        // Waiting for it was taking it.
    }

    public override void Dispose() => limiter.Dispose();
}
