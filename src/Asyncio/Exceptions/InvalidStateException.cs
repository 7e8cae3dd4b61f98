namespace Asyncio;

/// <summary>A future was asked for what it does not have yet, or given an outcome twice. The counterpart of <c>asyncio.InvalidStateError</c>.</summary>
public sealed class InvalidStateException : Exception
{
    /// <summary>Without a message.</summary>
    public InvalidStateException()
    {
    }

    /// <summary>With a message.</summary>
    public InvalidStateException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public InvalidStateException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
