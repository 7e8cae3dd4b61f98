namespace Asyncio;

/// <summary>The system cannot send this file over this connection by itself, and copying it was not allowed. The counterpart of <c>asyncio.SendfileNotAvailableError</c>.</summary>
public sealed class SendfileNotAvailableException : InvalidOperationException
{
    /// <summary>With the standard text.</summary>
    public SendfileNotAvailableException()
        : this("The system cannot send this file over this connection by itself.")
    {
    }

    /// <summary>With a message.</summary>
    public SendfileNotAvailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public SendfileNotAvailableException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
