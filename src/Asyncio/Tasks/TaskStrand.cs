using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// The running half of a task: its frames, its context, its cancellation requests. Apart from the future half, because it need not
/// know the result's type; and it is the task's own <see cref="SynchronizationContext"/>, current during its steps.
/// </summary>
internal sealed class TaskStrand : Strand
{
    private ExecutionContext? _execution;
    private TaskDetails? _details;
    private int _requests;

    internal TaskStrand(Future owner, Frame root, ExecutionContext? execution)
        : base(owner, root)
    {
        if (execution is not null)
        {
            _execution = execution; // the usual null is not written: even that takes the garbage collector's barrier
        }
    }

    internal override TaskStrand Task => this;

    /// <summary>Rarely used fields, made on first use.</summary>
    internal TaskDetails Details => _details ??= new TaskDetails(this);

    internal TaskDetails? DetailsOrNull => _details;

    internal override Exception? ErrorAtAwait
    {
        get => _details?.ErrorAtAwait;
        set => Details.ErrorAtAwait = value;
    }

    internal override Frame? Root => Owner.RootOrNull;

    internal int Requests => _requests;

    internal string Name
    {
        get => Details.Name;
        set => Details.Name = value;
    }

    // ---- steps ------------------------------------------------------------------------------------------------------

    internal override void Run(object? argument)
    {
        if (argument is not null && !ReferenceEquals(argument, Waiting))
        {
            return; // an abandoned foreign operation that has ended meanwhile
        }

        var loop = Owner.LoopField;
        Enter(loop);
        var frame = Top!;
        if (Flags != StrandFlags.None || Waiting is not null)
        {
            var prepared = Prepare(frame);
            if (prepared is null)
            {
                Leave(loop);
                return;
            }

            frame = prepared;
        }
        else
        {
            Parked = false;
        }

        Drive(frame);
        Leave(loop);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(EventLoop loop)
    {
        loop.CurrentStrand = this;
        Steps++;
        if ((Flags & StrandFlags.SharedContext) != 0)
        {
            _execution = Details.Cell!.Execution;
        }

        ThreadContext.Set(loop.ThreadField!, this, _execution);
        loop.Hooks?.StepBegins(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave(EventLoop loop)
    {
        loop.CurrentStrand = null;
        var execution = ThreadContext.Capture(loop.ThreadField!);
        if (!ReferenceEquals(execution, _execution))
        {
            _execution = execution;
            if ((Flags & StrandFlags.SharedContext) != 0)
            {
                Details.Cell!.Execution = execution;
            }
        }

        loop.Hooks?.StepEnds(this);
    }

    /// <summary>For a continuation of foreign code: this task is current, but what the code does to the context is its own.</summary>
    internal void EnterGuest(EventLoop loop)
    {
        loop.CurrentStrand = Owner.IsCompleted ? null : this;
        ThreadContext.Set(loop.ThreadField!, this, CurrentExecution);
    }

    /// <summary>A step of a hidden strand, in the context of the foreign code that awaits it.</summary>
    internal void EnterHidden(EventLoop loop, Strand hidden, ExecutionContext? execution)
    {
        loop.CurrentStrand = hidden;
        Steps++;
        ThreadContext.Set(loop.ThreadField!, this, execution);
        loop.Hooks?.StepBegins(this);
    }

    internal void LeaveHidden(EventLoop loop)
    {
        loop.CurrentStrand = null;
        loop.Hooks?.StepEnds(this);
    }

    /// <summary>Calls foreign code back as part of this task. <paramref name="error"/> is what the await that it goes on from has to throw.</summary>
    internal void CallGuest(Action continuation, Exception? error) => CallGuest(static action => ((Action)action!)(), continuation, error);

    /// <inheritdoc cref="CallGuest(Action, Exception?)"/>
    internal void CallGuest(SendOrPostCallback callback, object? state, Exception? error)
    {
        // The task's own await may have something to throw too; that is not for this code.
        var own = TakeThrowAtAwait();
        if (error is not null)
        {
            ThrowAtNextStep(error);
        }

        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            Owner.LoopField.ReportGuest(e, this);
        }

        TakeThrowAtAwait();
        if (own is not null)
        {
            ThrowAtNextStep(own);
        }
    }

    /// <summary>False: cancelled already, so that its body never runs; or eager tasks have nested so deeply that the stack would overflow.</summary>
    internal bool CanStartEagerly => (Flags & StrandFlags.MustCancel) == 0 && RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>The first step, inside the creator's: in the task's own context, the creator's restored afterwards.</summary>
    internal void RunEagerly()
    {
        var loop = Owner.LoopField;
        var thread = loop.ThreadField!;
        var outer = loop.CurrentStrand;
        var execution = ThreadContext.Capture(thread);
        var synchronization = SynchronizationContext.Current;
        var shared = outer is TaskStrand maker && SharesContextWith(maker);
        if (shared)
        {
            Details.Cell!.Execution = execution; // the maker's step has not ended yet: what it wrote is not in the cell
        }

        Enter(loop);
        Drive(Top!);
        Leave(loop);
        loop.CurrentStrand = outer;
        ThreadContext.Set(thread, synchronization, shared ? CurrentExecution : execution);
    }

    private bool SharesContextWith(TaskStrand other) =>
        (Flags & other.Flags & StrandFlags.SharedContext) != 0 && ReferenceEquals(Details.Cell, other.Details.Cell);

    internal override void OnRootDone(Frame root)
    {
        Top = null;
        Owner.LoopField.Unregister(this);
        Owner.CompleteFrom(root);
        _details?.OnTaskDone();
    }

    internal ExecutionContext? CurrentExecution => (Flags & StrandFlags.SharedContext) != 0 ? Details.Cell!.Execution : _execution;

    /// <summary>What was given to <c>CreateTask</c> beside the coroutine.</summary>
    internal void Apply(in AsyncTaskOptions options)
    {
        if (options.Name is not null)
        {
            Details.Name = options.Name;
        }

        if (options.Context is not null)
        {
            Details.Cell = options.Context;
            Flags |= StrandFlags.SharedContext;
        }

        if (options.CancellationToken.CanBeCanceled)
        {
            Details.LinkOutside(options.CancellationToken);
        }
    }

    // ---- cancellation -----------------------------------------------------------------------------------------------

    /// <summary>
    /// Asks the task to end. The request runs along the chain of tasks that wait for one another (in a loop, since such a chain may
    /// be long) down to the innermost thing that is waited for.
    /// </summary>
    internal bool Cancel(object? message, object? source)
    {
        var strand = this;
        var mark = this;
        var steps = 0;
        while (true)
        {
            if (strand.Owner.IsCompleted)
            {
                strand.Owner.ForgiveFailure();
                return !ReferenceEquals(strand, this);
            }

            strand.AddRequest(message, source);
            if (strand.Waiting is Future inner && inner.StrandOrNull is { } next)
            {
                if (inner.IsCompleted)
                {
                    strand.Flags |= StrandFlags.MustCancel;
                    return true;
                }

                if (ReferenceEquals(next, mark))
                {
                    // Tasks that wait for one another in a ring would never end, and neither would this: the ring is cut here.
                    inner.RemoveListener(strand);
                    strand.Flags |= StrandFlags.MustCancel;
                    strand.MakeReady();
                    return true;
                }

                if ((++steps & (steps - 1)) == 0)
                {
                    mark = strand;
                }

                strand.Flags |= StrandFlags.PassedOn;
                strand = next;
                source = null;
                continue;
            }

            if (!strand.TryCancelWait(strand.CancelError()))
            {
                strand.Flags |= StrandFlags.MustCancel;
            }

            return true;
        }
    }

    private void AddRequest(object? message, object? source)
    {
        _requests++;
        if (message is not null && Parked && Top is { Status: FrameStatus.Failed, Link: null } cancelled)
        {
            cancelled.Link = MakeCancelled(); // the earlier request is on its way, and its message stays
        }

        if (_details is not null || message is not null || source is not null)
        {
            Details.Request(message, source);
        }
    }

    /// <summary>Takes one request back. At zero a request that was not delivered yet is dropped.</summary>
    internal int Uncancel()
    {
        if (_requests > 0 && --_requests == 0 && !Owner.IsCompleted)
        {
            Flags &= ~(StrandFlags.MustCancel | StrandFlags.PassedOn);
            _details?.RenewTokens();
        }

        return _requests;
    }

    /// <summary>The exception to deliver now: made at once only if there is a message to carry.</summary>
    internal CancelledException? CancelError() => _details?.CancelMessage is null ? null : MakeCancelled();

    internal override CancelledException MakeCancelled() => Details.MakeCancelled();

    // ---- what foreign code sees -------------------------------------------------------------------------------------

    /// <summary>Foreign code posts its continuation: it becomes a guest step of this task, from whatever thread it comes. Never throws.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (state is Action { Target: ForeignWait wait })
        {
            wait.Signal(); // not foreign code that goes on, but a coroutine of ours: no step between
        }
        else
        {
            Owner.LoopField.EnqueueFromAnywhere(new GuestStep(this, d, state), null);
        }
    }

    /// <summary>Runs inline on the loop's thread; from others it waits for the loop.</summary>
    public override void Send(SendOrPostCallback d, object? state) => Owner.LoopField.Send(this, d, state);

    public override SynchronizationContext CreateCopy() => this;
}
