using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Writes into the stack trace of an exception that was thrown before.</summary>
internal static class StackTraces
{
    private const string Key = "asyncio.trace";

    // ExceptionDispatchInfo.SetRemoteStackTrace refuses an exception that has been thrown, so the fields are written directly;
    // where they are missing the text goes to Exception.Data.
    private static readonly bool s_canWrite = Probe();

    /// <summary>Moves the trace so far into the remote part and appends <paramref name="text"/> to it.</summary>
    internal static void Append(Exception error, string text)
    {
        if (!s_canWrite)
        {
            error.Data[Key] = (error.Data[Key] as string ?? "") + text;
            return;
        }

        var sofar = error.StackTrace;
        RemoteTrace(error) = string.IsNullOrEmpty(sofar) ? text : sofar + Environment.NewLine + text;
        Trace(error) = null;
        TraceString(error) = null;
    }

    private static bool Probe()
    {
        try
        {
            var probe = new InvalidOperationException();
            RemoteTrace(probe) = "probe";
            Trace(probe) = null;
            TraceString(probe) = null;
            return probe.StackTrace is not null;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remoteStackTraceString")]
    private static extern ref string? RemoteTrace(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stackTrace")]
    private static extern ref object? Trace(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stackTraceString")]
    private static extern ref string? TraceString(Exception error);
}
