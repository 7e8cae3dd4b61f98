namespace Asyncio;

/// <summary>An executor cannot do its work any more. The counterpart of <c>concurrent.futures.BrokenExecutor</c>.</summary>
public sealed class BrokenExecutorException : InvalidOperationException
{
    /// <summary>Without a message.</summary>
    public BrokenExecutorException()
    {
    }

    /// <summary>With a message.</summary>
    public BrokenExecutorException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public BrokenExecutorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
