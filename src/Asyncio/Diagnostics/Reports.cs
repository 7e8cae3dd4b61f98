namespace Asyncio.Diagnostics;

/// <summary>Reports that belong to no loop.</summary>
internal static class Reports
{
    /// <summary>A coroutine was made and thrown away. Called by a finalizer.</summary>
    internal static void NeverAwaited(string name, string? origin) =>
        Console.Error.WriteLine($"Warning: the coroutine {name} was never awaited: its body did not run. Await it, or start it with Aio.CreateTask." +
            (origin is null ? "" : $"{Environment.NewLine}Created at:{Environment.NewLine}{origin}"));
}
