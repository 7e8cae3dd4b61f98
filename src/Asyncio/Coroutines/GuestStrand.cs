using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// A coroutine that a foreign state machine (<c>async Task</c>, <c>async ValueTask</c>, an async iterator) awaits: a hidden strand
/// of the task that runs. It shares the task's context; cancelling the task at its foreign await reaches it.
/// </summary>
internal sealed class GuestStrand : Strand, IGuestWait
{
    private readonly TaskStrand _host;
    private readonly Frame _root;
    private readonly Action _continuation;
    private bool _starting = true;

    private GuestStrand(TaskStrand host, Frame root, Action continuation)
        : base(host.Owner, root)
    {
        _host = host;
        _root = root;
        _continuation = continuation;
    }

    internal override TaskStrand Task => _host;

    /// <summary>Runs the first part of the coroutine at once. Never throws: the BCL ends the process when an awaiter does.</summary>
    internal static void Start(Frame? frame, Action continuation)
    {
        var root = frame ?? YieldLeaf.Create();
        var loop = EventLoop.t_running;
        if (loop?.CurrentStrand?.Task is not { } host)
        {
            root.Fail(CoroutineErrors.NoLoop($"The coroutine {root.Name}"));
            ForeignThreads.Queue(continuation);
            return;
        }

        var guest = new GuestStrand(host, root, continuation);
        host.Details.AddGuest(guest);
        var outer = loop.CurrentStrand;
        loop.CurrentStrand = guest;
        guest.Drive(root);
        loop.CurrentStrand = outer;
        guest._starting = false;
    }

    internal override void Run(object? argument)
    {
        if (argument is ForeignWait foreign && !ReferenceEquals(foreign, Waiting))
        {
            return; // an abandoned operation that has ended meanwhile
        }

        var loop = Loop;
        _host.Enter(loop);
        loop.CurrentStrand = this;
        var frame = Top!;
        if (Flags != StrandFlags.None || Waiting is not null)
        {
            var prepared = Prepare(frame);
            if (prepared is null)
            {
                _host.Leave(loop);
                return;
            }

            frame = prepared;
        }

        Parked = false;
        Drive(frame);
        _host.Leave(loop);
    }

    /// <summary>The outcome stays in the root frame, where the foreign machine's awaiter takes it.</summary>
    internal override void OnRootDone(Frame root)
    {
        Top = null;
        _host.Details.RemoveGuest(this);
        var loop = Loop;
        if (_starting)
        {
            // Still inside the foreign machine's OnCompleted: calling back now would run it inside itself.
            loop.Ready.Enqueue(new GuestStep(_host, static state => ((Action)state!)(), _continuation), null);
            return;
        }

        loop.CurrentStrand = _host;
        try
        {
            _continuation();
        }
        catch (Exception e)
        {
            loop.ReportGuest(e, _host);
        }
    }

    internal override CancelledException MakeCancelled() => _host.MakeCancelled();

    void IGuestWait.Cancel(CancelledException? error)
    {
        if (!TryCancelWait(error))
        {
            Flags |= StrandFlags.MustCancel;
        }
    }
}

/// <summary>Something of ours that foreign code called by a task waits for; cancelling the task at its foreign await reaches it.</summary>
internal interface IGuestWait
{
    void Cancel(CancelledException? error);
}
