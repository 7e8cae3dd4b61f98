namespace Asyncio;

/// <summary>Nothing is in the queue. Thrown by <see cref="AsyncQueue{T}.GetNowait"/>. The counterpart of <c>asyncio.QueueEmpty</c>.</summary>
public sealed class QueueEmptyException : Exception
{
    /// <summary>With the standard text.</summary>
    public QueueEmptyException()
        : base("The queue is empty.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueEmptyException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueEmptyException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
