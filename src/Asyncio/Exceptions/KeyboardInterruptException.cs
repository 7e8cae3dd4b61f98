namespace Asyncio;

/// <summary>Ctrl-C ended the main coroutine. Unhandled, it ends the process with exit code 130 and without a dump. The counterpart of Python's <c>KeyboardInterrupt</c>.</summary>
public sealed class KeyboardInterruptException : OperationCanceledException
{
    /// <summary>With the standard text.</summary>
    public KeyboardInterruptException()
        : base("Interrupted by Ctrl-C.")
    {
    }

    /// <summary>With a message.</summary>
    public KeyboardInterruptException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public KeyboardInterruptException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
