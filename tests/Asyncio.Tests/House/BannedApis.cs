namespace Asyncio.Tests.House;

/// <summary>
/// What <c>src/</c> must not use, because it goes round the loop: real time, real randomness, and threads that are not ours.
/// With it, virtual time and seeded schedules could not replay a run.
/// </summary>
internal static class BannedApis
{
    public static readonly string[] Symbols =
    [
        "DateTime.Now",
        "DateTime.UtcNow",
        "Stopwatch",
        "Environment.TickCount",
        "Environment.TickCount64",
        "Thread.Sleep",
        "Task.Delay",
        "Task.Run",
        "ThreadPool.",
        "Random.Shared",
        "new Random(",
    ];

    /// <summary>The exceptions, each with its reason. One that is no longer needed fails a test, so the list stays true.</summary>
    public static readonly Allowed[] AllowList =
    [
        new("Asyncio/Loop/ForeignThreads.cs", "ThreadPool.", "the one door to .NET's pool, for what has no loop to run on"),
        new("Asyncio/Loop/SystemClock.cs", "Stopwatch", "the one place that reads the machine's clock"),
    ];

    /// <summary>Every use of a banned symbol in <paramref name="sources"/>.</summary>
    public static IEnumerable<Use> FindUses(IEnumerable<SourceFile> sources) =>
        from source in sources
        from symbol in Symbols
        from line in source.LinesWith(symbol)
        select new Use(source.Path, line, symbol);

    /// <param name="File">Relative to <c>src/</c>, with forward slashes.</param>
    internal sealed record Allowed(string File, string Symbol, string Reason);

    internal sealed record Use(string File, int Line, string Symbol);
}
