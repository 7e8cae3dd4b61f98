using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Runs a test on a loop whose reactor has faults by a plan; fails it for what was reported unasked.</summary>
internal static class FaultStage
{
    public static void Run(ReactorKind kind, FaultPlan plan, Func<EventLoop, Coroutine> test)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        var reports = new List<string>();
        using var loop = new EventLoop(new EventLoopOptions { ReactorMaker = () => new FaultReactor(ReactorFactory.Create(kind), plan) });
        loop.SetExceptionHandler((_, context) => reports.Add($"{context.Message} {context.Exception}"));
        loop.RunUntilComplete(Aio.Timeout(Hang.Limit, () => test(loop)));
        Assert.Empty(plan.Violations);
        Assert.Empty(reports);
    }
}
