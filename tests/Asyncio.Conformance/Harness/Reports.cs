namespace Asyncio.Conformance;

/// <summary>Neutral lines for what reaches exception handlers and logs.</summary>
internal static class Reports
{
    // By their beginning.
    private static readonly (string Beginning, string Neutral)[] Messages =
    [
        ("Exception in callback", "exception in callback"),
        ("Task exception was never retrieved", "task exception never retrieved"),
        ("Future exception was never retrieved", "future exception never retrieved"),
        ("unhandled exception during Aio.Run() shutdown", "unhandled exception during shutdown"),
        ("an error occurred during closing of asynchronous generator", "error while closing an async generator"),
        ("Unhandled error in exception handler", "unhandled error in exception handler"),
        ("Exception in default exception handler", "error in the default exception handler"),
        ("Unhandled exception in event loop", "unhandled exception in event loop"),
        ("Exception in protocol.", "exception in callback"), // asyncio calls these as callbacks of the loop
        ("Fatal error: protocol.DataReceived() call failed.", "data_received failed"),
        ("Fatal error: protocol.EofReceived() call failed.", "eof_received failed"),
        ("Fatal error: protocol.GetBuffer() call failed.", "get_buffer failed"),
        ("Fatal error: protocol.BufferUpdated() call failed.", "buffer_updated failed"),
        ("protocol.PauseWriting() failed", "pause_writing failed"),
        ("protocol.ResumeWriting() failed", "resume_writing failed"),
        ("Data is written to a connection that is lost", "writing to a lost connection"),
        ("Unhandled exception in client_connected_cb", "client handler failed"),
        ("Executing <Handle", "slow callback"),
        ("Executing <TimerHandle", "slow callback"),
        ("Executing <Task", "slow task"),
    ];

    public static string NeutralMessage(string message)
    {
        foreach (var (beginning, neutral) in Messages)
        {
            if (message.StartsWith(beginning, StringComparison.Ordinal))
            {
                return neutral;
            }
        }

        return message.StartsWith("Task ", StringComparison.Ordinal) && message.Contains("has errored out but its parent task", StringComparison.Ordinal)
            ? "task failed after its parent completed"
            : message;
    }

    /// <summary>One line about what an exception handler was given.</summary>
    public static string Describe(ExceptionContext context)
    {
        var message = NeutralMessage(string.IsNullOrEmpty(context.Message) ? "no message" : context.Message);
        return context.Exception is null ? $"handler: {message}" : $"handler: {message}: {Kind(context.Exception)}";
    }

    /// <summary>Has the loop's exception handler trace what it is given.</summary>
    public static void TraceErrors(Trace trace, EventLoop loop) => loop.SetExceptionHandler((_, context) => trace(Describe(context)));
}
