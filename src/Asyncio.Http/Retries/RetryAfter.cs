using System.Globalization;

namespace Asyncio.Http;

/// <summary>The header <c>Retry-After</c>: seconds, or a date.</summary>
internal static class RetryAfter
{
    /// <summary>Seconds from now; null if there is none, or nonsense.</summary>
    public static double? Read(ClientResponse response, TimeProvider clock)
    {
        if (response.Headers["Retry-After"] is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        if (!TryDate(text, out var until))
        {
            return null;
        }

        // By the server's own clock, where it shows it: ours may be wrong.
        var now = TryDate(response.Headers["Date"], out var date) ? date : clock.GetUtcNow();
        return Math.Max(0, (until - now).TotalSeconds);
    }

    private static bool TryDate(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
}
