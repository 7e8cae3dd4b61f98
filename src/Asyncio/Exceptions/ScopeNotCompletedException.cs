namespace Asyncio;

/// <summary>
/// What the exit of a context manager is told when a block with <c>await using</c> was left without saying that it came to its end: by an
/// exception or an early return, which cannot be told apart there. Never thrown.
/// </summary>
public sealed class ScopeNotCompletedException : Exception
{
    /// <summary>With the standard text.</summary>
    public ScopeNotCompletedException()
        : base("The block was left without CompleteAsync() or CloseAsync(): an exception passes, or it ended early.")
    {
    }

    /// <summary>With a message.</summary>
    public ScopeNotCompletedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ScopeNotCompletedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
