namespace Asyncio;

/// <summary>What the ready queue holds: something that runs once on the loop's thread.</summary>
/// <remarks>
/// It derives from <see cref="SynchronizationContext"/> only because a strand must be one: every task needs a context object
/// of its own (with a shared one the BCL resumes another task's code inline), and one object a task less is 32 bytes less.
/// </remarks>
internal abstract class Runnable : SynchronizationContext
{
    /// <summary>Runs on the loop's thread. <paramref name="argument"/> is the second word of the ready queue's slot.</summary>
    internal abstract void Run(object? argument);

    /// <summary>The loop is closed and never runs it: whoever waits for that outside the loop is to be told. On any thread.</summary>
    internal virtual void GiveUp(object? argument)
    {
    }
}
