namespace Asyncio.Conformance;

/// <summary>The sockets and pipes that this process has open; on Linux.</summary>
internal static class Descriptors
{
    private const int Patience = 200; // times 10 ms: finalizers, and threads that end, have their time

    public static int Count() => !OperatingSystem.IsLinux() ? 0 : Directory.GetFiles("/proc/self/fd").Count(IsSocketOrPipe);

    /// <summary>Null if no more are open than there were, in the end.</summary>
    public static string? LeftBehind(int before)
    {
        for (var i = 0; i < Patience; i++)
        {
            if (Count() <= before)
            {
                return null;
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        return $"leaves {Count() - before} sockets or pipes open";
    }

    private static bool IsSocketOrPipe(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget is { } target
                && (target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // closed meanwhile
        }
    }
}
