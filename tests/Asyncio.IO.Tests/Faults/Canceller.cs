namespace Asyncio.IO.Tests.Faults;

/// <summary>
/// Counts the steps of a loop, of every task and callback, and cancels one task after a given one; maybe once more in the middle of what it
/// does then.
/// </summary>
internal sealed class Canceller(int after, int again = -1) : LoopHooks
{
    private IAsyncTask? _task;

    public int Steps { get; private set; }

    /// <summary>Counts from here on.</summary>
    public void Watch(IAsyncTask task) => _task = task;

    internal override void StepEnds(TaskStrand strand) => Count();

    internal override void CallbackEnds(object callback) => Count();

    private void Count()
    {
        if (_task is not { IsCompleted: false } task)
        {
            return;
        }

        if (Steps == after || Steps == again)
        {
            task.Cancel();
        }

        Steps++;
    }

    public override string ToString() => after < 0 ? "" : $", cancelled after step {after}{(again < 0 ? "" : $" and {again}")} of {Steps}";
}
