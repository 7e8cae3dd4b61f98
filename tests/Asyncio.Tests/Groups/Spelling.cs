namespace Asyncio.Tests.Groups;

/// <summary>Timeouts have two spellings; what holds for one holds for the other.</summary>
public enum Spelling
{
    Exact,
    Flat,
}

internal static class Spellings
{
    internal static Coroutine Timeout(this Spelling spelling, double seconds, Func<AsyncTimeout, Coroutine> body) =>
        spelling == Spelling.Exact ? Aio.Timeout(seconds, body) : Flat(seconds, body);

    private static async Coroutine Flat(double seconds, Func<AsyncTimeout, Coroutine> body)
    {
        using var scope = Aio.Timeout(seconds);
        await body(scope);
    }
}
