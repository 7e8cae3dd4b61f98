
namespace Asyncio.Diagnostics;

/// <summary>Debug mode: reports the steps that kept the loop from everything else for too long.</summary>
internal sealed class SlowSteps(EventLoop loop) : LoopHooks
{
    private double _began;

    internal override void StepBegins(TaskStrand strand) => _began = loop.Time();

    internal override void StepEnds(TaskStrand strand)
    {
        var took = loop.Time() - _began;
        if (took >= loop.SlowCallbackDuration)
        {
            loop.Warn($"Executing {strand.Owner} took {took:F3} seconds");
        }
    }
}
