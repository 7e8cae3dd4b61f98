namespace Asyncio;

/// <summary>Thrown at the await of a task that is asked to end. The counterpart of <c>asyncio.CancelledError</c>.</summary>
/// <remarks>
/// It derives from <see cref="OperationCanceledException"/>, so clean-up code written for .NET works. Catch it only to clean up, and
/// rethrow it: whoever swallows it keeps a task alive that others wait for.
/// </remarks>
public sealed class CancelledException : OperationCanceledException
{
    private const string Text = "The task was cancelled.";

    /// <summary>A cancellation without a message.</summary>
    public CancelledException()
        : base(Text)
    {
    }

    /// <summary>A cancellation with what was given to <c>Cancel</c>.</summary>
    /// <param name="message">Any value; null for none.</param>
    public CancelledException(object? message)
        : this(message, null)
    {
    }

    /// <summary>A cancellation with what was given to <c>Cancel</c>, and its cause.</summary>
    /// <param name="message">Any value; null for none.</param>
    /// <param name="inner">The exception by which an operation obeyed the task's token; null for none.</param>
    public CancelledException(object? message, Exception? inner)
        : base(message is null ? Text : $"The task was cancelled: {message}", inner) => CancelMessage = message;

    /// <summary>What was given to <c>Cancel</c>; null if nothing. Asyncio: <c>CancelledError.args[0]</c>.</summary>
    public object? CancelMessage { get; }
}
