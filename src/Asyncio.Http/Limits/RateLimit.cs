using System.Threading.RateLimiting;

namespace Asyncio.Http;

/// <summary>
/// How many requests may be sent in a time. The time is that of the sending, not that of the answer: it holds whether the server is quick or slow, and so does
/// the order, first come first served.
/// </summary>
public sealed class RateLimit
{
    private readonly Func<EventLoop, Pace> _make;

    private RateLimit(Func<EventLoop, Pace> make) => _make = make;

    /// <summary>So many requests a second in the long run, so many at once after a pause.</summary>
    /// <param name="perSecond">The rate; 0.5 is one in two seconds.</param>
    /// <param name="burst">How many may be sent at once when nothing was sent for a while. In any time of t seconds there are at most <c>burst + perSecond · t</c> requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a number above 0, or the burst is less than 1.</exception>
    public static RateLimit TokenBucket(double perSecond, int burst = 1)
    {
        if (!(perSecond > 0 && double.IsFinite(perSecond)))
        {
            throw new ArgumentOutOfRangeException(nameof(perSecond), perSecond, "The rate is a number above 0.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        return new RateLimit(loop => new TokenBucketPace(loop, perSecond, burst));
    }

    /// <summary>So many requests in each time of some length, wherever that begins: exactly, not by segments.</summary>
    /// <param name="permits">How many.</param>
    /// <param name="seconds">The length of the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 1 permits, or the window is not a number of seconds above 0.</exception>
    public static RateLimit SlidingWindow(int permits, double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        if (!(seconds > 0 && double.IsFinite(seconds)))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The window is a number of seconds above 0.");
        }

        return new RateLimit(loop => new SlidingWindowPace(loop, permits, seconds));
    }

    /// <summary>
    /// A limiter of the caller's, for instance one that several processes share. It is asked for one permit a request (<see cref="RateLimiter.AcquireAsync"/>),
    /// whose lease is given back when the answer's body has ended.
    /// </summary>
    /// <param name="make">Makes it: once for a session, or once for each host. It is disposed of with the session.</param>
    public static RateLimit From(Func<RateLimiter> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return new RateLimit(_ => new ForeignPace(make()));
    }

    internal Pace Create(EventLoop loop) => _make(loop);
}
