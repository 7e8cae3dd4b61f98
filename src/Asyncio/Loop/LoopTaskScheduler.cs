using System.Diagnostics.CodeAnalysis;

namespace Asyncio;

/// <summary>Runs .NET tasks on the loop's thread.</summary>
internal sealed class LoopTaskScheduler(EventLoop loop) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task) => loop.EnqueueFromAnywhere(new Execution(this, loop), task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        ReferenceEquals(EventLoop.t_running, loop) && !taskWasPreviouslyQueued && TryExecuteTask(task);

    [ExcludeFromCodeCoverage(Justification = "Called by debuggers.")]
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class Execution(LoopTaskScheduler scheduler, EventLoop loop) : Runnable
    {
        internal override void Run(object? argument)
        {
            loop.EnterCallback(null);
            scheduler.TryExecuteTask((Task)argument!);
        }

        internal override void GiveUp(object? argument) => loop.ReportLatePost(task => scheduler.TryExecuteTask((Task)task!), argument);
    }
}
