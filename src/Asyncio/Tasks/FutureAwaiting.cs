using System.Diagnostics;

namespace Asyncio;

/// <summary>What both awaiters of futures do.</summary>
internal static class FutureAwaiting
{
    [StackTraceHidden]
    internal static T Take<T>(Future<T> future)
    {
        // A pending future here: a foreign machine awaited it where no task runs, and was called back at once to be told.
        if (future.State == FutureState.Pending && EventLoop.t_running?.CurrentStrand is null)
        {
            throw CoroutineErrors.NoLoop(future.Describe());
        }

        return future.TakeAtAwait();
    }
}

/// <summary>A foreign state machine that awaits a future of ours: called back as a guest step of the task that runs now.</summary>
internal sealed class FutureGuest : Runnable, IGuestWait
{
    private readonly TaskStrand _host;
    private readonly Future _future;
    private readonly Action _continuation;
    private bool _passedOn;
    private bool _cancelledLate;

    private FutureGuest(TaskStrand host, Future future, Action continuation)
    {
        _host = host;
        _future = future;
        _continuation = continuation;
    }

    internal static void Start(Future future, Action continuation)
    {
        if (EventLoop.t_running is not { CurrentStrand.Task: { } host } loop || !ReferenceEquals(loop, future.LoopField))
        {
            ForeignThreads.Queue(continuation);
            return;
        }

        var guest = new FutureGuest(host, future, continuation);
        host.Details.Guests.Add(guest);
        future.AddListener(guest);
    }

    IGuestWait? IGuestWait.Before { get; set; }

    IGuestWait? IGuestWait.After { get; set; }

    ForeignWait? IGuestWait.Foreign => null;

    internal override void Run(object? argument)
    {
        var loop = _host.Loop;
        _host.Details.Guests.Remove(this);
        if (_passedOn && _future.StrandOrNull is { HasKeptValue: true })
        {
            _host.Flags |= StrandFlags.MustCancel; // for the next await
        }

        _host.EnterGuest(loop);
        _host.CallGuest(_continuation, _cancelledLate ? _host.MakeCancelled() : null);
        loop.CurrentStrand = null;
    }

    void IGuestWait.Cancel(CancelledException? error)
    {
        // Done already, and this guest queued: the request is thrown at its await instead of the value.
        _passedOn = _future.Cancel(error?.CancelMessage);
        _cancelledLate = !_passedOn && !_future.IsCanceled;
    }
}
