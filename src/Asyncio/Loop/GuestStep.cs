namespace Asyncio;

/// <summary>
/// A continuation that foreign code posted to the context of a task: it runs with that task as current, the task's own parked
/// await untouched.
/// </summary>
internal sealed class GuestStep(TaskStrand task, SendOrPostCallback callback, object? state) : Runnable
{
    internal override void Run(object? argument)
    {
        var loop = task.Loop;
        task.EnterGuest(loop);
        task.CallGuest(callback, state, error: null);
        loop.CurrentStrand = null;
    }

    internal override void GiveUp(object? argument) => task.Loop.ReportLatePost(callback, state);
}
