namespace Asyncio;

/// <summary>
/// The failures of a loop that nobody has looked at, held weakly. The finalizer of a holder may run late or never; what is still
/// here when the loop is closed is reported then, so that no exception is lost with the process.
/// </summary>
internal sealed class UnretrievedFailures
{
    private readonly List<WeakReference<FailureHolder>> _failures = [];
    private int _sweepAt = 64;

    internal void Add(FailureHolder holder)
    {
        if (_failures.Count >= _sweepAt)
        {
            _failures.RemoveAll(static f => !f.TryGetTarget(out var h) || h.IsRetrieved);
            _sweepAt = Math.Max(64, _failures.Count * 2);
        }

        _failures.Add(new WeakReference<FailureHolder>(holder));
    }

    internal List<FailureHolder> TakeAll()
    {
        var left = new List<FailureHolder>();
        foreach (var failure in _failures)
        {
            if (failure.TryGetTarget(out var holder) && !holder.IsRetrieved)
            {
                left.Add(holder);
            }
        }

        _failures.Clear();
        return left;
    }
}
