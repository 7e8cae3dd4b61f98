namespace Asyncio.Diagnostics;

/// <summary>Reports that belong to no loop.</summary>
internal static class Reports
{
    /// <summary>A logger, or the text that it was to log, has failed.</summary>
    /// <param name="error">By what.</param>
    /// <param name="unlogged">The exception that was to be logged, if it was one.</param>
    internal static void LoggingFailed(Exception error, Exception? unlogged)
    {
        try
        {
            Console.Error.WriteLine($"Exception in default exception handler: {error}");
            if (unlogged is not null)
            {
                Console.Error.WriteLine($"It was to log: {unlogged}");
            }
        }
        catch (Exception)
        {
            // Standard error is gone too: nobody is left to be told.
        }
    }

    /// <summary>A coroutine was made and thrown away. Called by a finalizer.</summary>
    internal static void NeverAwaited(string name, string? origin) =>
        Console.Error.WriteLine($"Warning: the coroutine {name} was never awaited: its body did not run. Await it, or start it with Aio.CreateTask." +
            (origin is null ? "" : $"{Environment.NewLine}Created at:{Environment.NewLine}{origin}"));
}
