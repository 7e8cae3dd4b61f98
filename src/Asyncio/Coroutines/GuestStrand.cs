using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// A coroutine that a foreign state machine (<c>async Task</c>, <c>async ValueTask</c>, an async iterator) awaits: a hidden strand
/// of the task that runs. Cancelling the task at its foreign await reaches it. Its context is that of the foreign code, which .NET
/// keeps apart from the task's.
/// </summary>
internal sealed class GuestStrand : Strand, IGuestWait
{
    private readonly TaskStrand _host;
    private readonly Frame _root;
    private readonly Action _continuation;
    private ExecutionContext? _execution;
    private bool _starting = true;

    private GuestStrand(TaskStrand host, Frame root, Action continuation)
        : base(host.Owner, root)
    {
        _host = host;
        _root = root;
        _continuation = continuation;
    }

    internal override TaskStrand Task => _host;

    internal override Exception? ErrorAtAwait { get; set; }

    internal override Frame? Root => _root;

    IGuestWait? IGuestWait.Before { get; set; }

    IGuestWait? IGuestWait.After { get; set; }

    ForeignWait? IGuestWait.Foreign => WaitsFor as ForeignWait;

    /// <summary>Runs the first part of the coroutine at once. Never throws: the BCL ends the process when an awaiter does.</summary>
    internal static void Start(Frame? frame, Action continuation)
    {
        var root = frame ?? YieldLeaf.Create();
        var loop = EventLoop.t_running;
        if (loop?.CurrentStrand?.Task is not { } host)
        {
            root.Fail(CoroutineErrors.NoLoop($"The coroutine {root.Name}"));
            if (frame is null)
            {
                YieldedOutside(); // a yield has no frame in which its awaiter would find the error
            }

            ForeignThreads.Queue(continuation);
            return;
        }

        var guest = new GuestStrand(host, root, continuation);
        host.Details.Guests.Add(guest);
        var outer = loop.CurrentStrand;
        var execution = ThreadContext.Capture(loop.ThreadField!);
        loop.CurrentStrand = guest;
        guest.Drive(root);
        guest._execution = ThreadContext.Capture(loop.ThreadField!);
        guest._starting = false;
        loop.CurrentStrand = outer;
        ThreadContext.SetExecution(loop.ThreadField!, execution);
    }

    internal override void Run(object? argument)
    {
        if (argument is ForeignWait foreign && !ReferenceEquals(foreign, Waiting))
        {
            return; // an abandoned operation that has ended meanwhile
        }

        var loop = Loop;
        _host.EnterHidden(loop, this, _execution);
        var frame = Flags != StrandFlags.None || Waiting is not null ? Prepare(Top!) : Top;
        Parked = false;
        if (frame is not null)
        {
            Drive(frame);
        }

        _execution = ThreadContext.Capture(loop.ThreadField!);
        _host.LeaveHidden(loop);
    }

    /// <summary>The outcome stays in the root frame, where the foreign machine's awaiter takes it.</summary>
    internal override void OnRootDone(Frame root)
    {
        Top = null;
        Parked = false;
        _host.Details.Guests.Remove(this);
        _host.Flags |= Flags & StrandFlags.MustCancel; // a request that nothing in here could take stays the task's
        var loop = Loop;
        if (_starting)
        {
            // Still inside the foreign machine's OnCompleted: calling back now would run it inside itself.
            loop.Ready.Enqueue(new GuestStep(_host, static state => ((Action)state!)(), _continuation), null);
            return;
        }

        // A yield has no frame that the foreign awaiter could ask.
        var error = root is YieldLeaf { Status: FrameStatus.Failed } ? Frame.Materialize(root.Link) : null;
        loop.CurrentStrand = _host.Owner.IsCompleted ? null : _host;
        _host.CallGuest(_continuation, error);
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
