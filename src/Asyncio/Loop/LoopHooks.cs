namespace Asyncio;

/// <summary>What debug mode and diagnostics see of a loop. One nullable field, tested at creation and at a step.</summary>
internal abstract class LoopHooks
{
    internal virtual void TaskCreated(TaskStrand strand)
    {
    }

    internal virtual void StepBegins(TaskStrand strand)
    {
    }

    internal virtual void StepEnds(TaskStrand strand)
    {
    }

    internal virtual void CallbackBegins()
    {
    }

    /// <param name="callback">What ran, for a message: a handle, or the callback of a future.</param>
    internal virtual void CallbackEnds(object callback)
    {
    }
}
