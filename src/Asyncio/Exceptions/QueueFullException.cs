namespace Asyncio;

/// <summary>The queue has no room. Thrown by <see cref="AsyncQueue{T}.PutNowait"/>. The counterpart of <c>asyncio.QueueFull</c>.</summary>
public sealed class QueueFullException : Exception
{
    /// <summary>With the standard text.</summary>
    public QueueFullException()
        : base("The queue is full.")
    {
    }

    /// <summary>With a message.</summary>
    public QueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public QueueFullException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
