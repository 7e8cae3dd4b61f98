using System.Collections.Frozen;

namespace Asyncio.Http;

/// <summary>
/// Repeating what failed: after a pause that doubles each time and is spread by chance, or for as long as the server says (<c>Retry-After</c>). Only what is
/// safe to repeat is.
/// </summary>
/// <remarks>
/// Safe is a request whose method may be repeated (GET, HEAD, OPTIONS, TRACE, PUT, DELETE) or that has an <c>Idempotency-Key</c>: after a failed or lost connection,
/// a limit of time for a phase, one of <see cref="Statuses"/>. Of any other, only what was surely not sent: no connection could be made, or
/// no turn came. And a body that cannot be sent twice (<see cref="RequestContent.IsRepeatable"/>) is not. <see cref="ClientTimeout.Total"/> is the limit of
/// all attempts and pauses together. (Beneath this, and without it, too, the handler asks again at once, up to three times, where a connection ends
/// without any answer to a request that may be repeated and has sent no body: that is what an idle connection does which the server has just closed.) When no attempt is left, the last answer or error is the outcome.
/// </remarks>
public sealed record RetryOptions
{
    private static readonly FrozenSet<int> s_statuses = FrozenSet.Create(408, 429, 500, 502, 503, 504);

    /// <summary>No repetition.</summary>
    public static RetryOptions Never { get; } = new() { Attempts = 1 };

    /// <summary>How many attempts there are at most, the first included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Attempts { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1, the first."); } = 3;

    /// <summary>About how many seconds the first pause takes; each further one twice as long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to a day.</exception>
    public double Delay { get; init => field = Checked(value); } = 0.2;

    /// <summary>How many seconds a pause takes at most.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to a day.</exception>
    public double MaxDelay { get; init => field = Checked(value); } = 10;

    /// <summary>The longest <c>Retry-After</c> in seconds that is waited for; if the server asks for more, its answer is the outcome.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to a day.</exception>
    public double MaxRetryAfter { get; init => field = Checked(value); } = 60;

    /// <summary>The statuses after which a request is repeated: 408, 429, 500, 502, 503, 504 unless said otherwise.</summary>
    public IReadOnlySet<int> Statuses { get; init; } = s_statuses;

    /// <summary>Numbers from 0 to below 1 that spread the pauses; null for .NET's. A test gives its own.</summary>
    public Func<double>? Randomizer { get; init; }

    private static double Checked(double seconds) => seconds is >= 0 and <= 86_400
        ? seconds
        : throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "Seconds, from 0 to a day.");
}
