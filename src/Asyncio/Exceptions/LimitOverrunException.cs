namespace Asyncio;

/// <summary>No separator within the limit of the reader. The counterpart of <c>asyncio.LimitOverrunError</c>.</summary>
public sealed class LimitOverrunException : Exception
{
    /// <summary>With the standard text.</summary>
    public LimitOverrunException()
        : this("The separator is not found within the limit.")
    {
    }

    /// <summary>With a message.</summary>
    public LimitOverrunException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public LimitOverrunException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>With a message and how far the reader has looked.</summary>
    public LimitOverrunException(string message, int consumed)
        : base(message) => Consumed = consumed;

    /// <summary>How many bytes at the beginning of the buffer belong to what is too long: where the separator begins, or where it was not found so far.</summary>
    public int Consumed { get; }
}
