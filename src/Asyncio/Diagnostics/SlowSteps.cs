namespace Asyncio.Diagnostics;

/// <summary>Debug mode: reports the steps that kept the loop from everything else for too long.</summary>
internal sealed class SlowSteps(EventLoop loop) : LoopHooks
{
    private double _began = loop.Time(); // the step in which debug mode began counts from here

    internal override void StepBegins(TaskStrand strand) => _began = loop.Time();

    internal override void StepEnds(TaskStrand strand) => Ended(strand.Owner);

    internal override void CallbackBegins() => _began = loop.Time();

    internal override void CallbackEnds(object callback) => Ended(callback);

    private void Ended(object what)
    {
        var took = loop.Time() - _began;
        if (took >= loop.SlowCallbackDuration)
        {
            loop.Warn($"Executing {what} took {took:F3} seconds");
        }
    }
}
