namespace Asyncio;

/// <summary>The barrier was aborted or reset. The counterpart of <c>asyncio.BrokenBarrierError</c>.</summary>
public sealed class BrokenBarrierException : InvalidOperationException
{
    /// <summary>With the standard text.</summary>
    public BrokenBarrierException()
        : base("The barrier is broken.")
    {
    }

    /// <summary>With a message.</summary>
    public BrokenBarrierException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public BrokenBarrierException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
