namespace Asyncio;

// Continuations of .NET's code that are to stay on this thread.
public sealed partial class EventLoop
{
    /// <summary>
    /// No task and no context is current: what was begun with <c>ConfigureAwait(false)</c> then goes on where it is completed, which is here; under a
    /// context .NET would send it to the thread pool.
    /// </summary>
    internal void EnterForeign()
    {
        CurrentStrand = null;
        ThreadContext.Set(ThreadField!, null, null);
    }
}
