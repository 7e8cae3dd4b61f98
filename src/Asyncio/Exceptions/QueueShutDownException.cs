namespace Asyncio;

/// <summary>The queue was shut down, and nothing is left in it to get. The counterpart of <c>asyncio.QueueShutDown</c>.</summary>
public sealed class QueueShutDownException : Exception
{
    /// <summary>With the standard text.</summary>
    public QueueShutDownException()
        : base("The queue was shut down.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueShutDownException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueShutDownException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
