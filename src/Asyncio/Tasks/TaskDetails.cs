using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>What few tasks need: made on first use, so that the others do not pay for it.</summary>
internal sealed class TaskDetails(TaskStrand strand)
{
    private static long s_names;

    private string? _name;
    private CancelledException? _made;
    private TokenScope? _tokens;
    private CancellationTokenRegistration _outside;

    /// <summary>The context that the task was given and shares with others; null where it has a copy of its own.</summary>
    internal Context? Cell;

    /// <summary>What the task throws, while a scope that cannot see it otherwise needs to know.</summary>
    internal ThrownWatch? Thrown;

    /// <inheritdoc cref="Strand.ErrorAtAwait"/>
    internal Exception? ErrorAtAwait;

    /// <summary>How many <see cref="Aio.Uninterrupted"/> scopes the task is in.</summary>
    internal int Uninterrupted;

    /// <summary>A foreign wait that ended normally, to be used again.</summary>
    internal ForeignWait? SpareWait;

    internal object? CancelMessage { get; private set; }

    /// <summary>Given, or <c>Task-N</c> from one counter of the process; made when somebody looks.</summary>
    internal string Name
    {
        get => _name ??= "Task-" + Interlocked.Increment(ref s_names);
        set => _name = value;
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    internal void Request(object? message, object? source)
    {
        CancelMessage = message;
        _made = null;
        TripTokens(source as TokenScope);
    }

    internal CancelledException MakeCancelled() => _made ??= new CancelledException(CancelMessage);

    /// <summary>True for an exception by which some operation says that it obeyed a token of this task, tripped by a request that still counts.</summary>
    internal bool IsOwnCancellation(OperationCanceledException error)
    {
        if (strand.Requests == 0)
        {
            return false;
        }

        for (var scope = _tokens; scope is not null; scope = scope.Outer)
        {
            if (scope.Owns(error.CancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    // ---- tokens -----------------------------------------------------------------------------------------------------

    /// <summary>The token of the innermost scope; made on first use.</summary>
    internal CancellationToken Token
    {
        get
        {
            _tokens ??= new TokenScope(null, 0);
            TokenReadAt = strand.Steps;
            return _tokens.Token(strand.Requests);
        }
    }

    /// <summary>The step in which the token was last read: an operation begun in it has been handed the token.</summary>
    internal int TokenReadAt { get; private set; } = -1;

    internal TokenScope EnterTokenScope() => _tokens = new TokenScope(_tokens ??= new TokenScope(null, 0), strand.Requests);

    /// <summary>Also drops scopes that were left before and out of turn.</summary>
    internal void LeaveTokenScope(TokenScope scope)
    {
        scope.Leave();
        while (_tokens is { IsLeft: true })
        {
            _tokens = _tokens.Outer;
        }
    }

    internal void RenewTokens()
    {
        for (var scope = _tokens; scope is not null; scope = scope.Outer)
        {
            scope.Renew();
        }
    }

    /// <summary>Trips the tokens of the scope whose request it is and of those inside it; all of them for a request from elsewhere.</summary>
    private void TripTokens(TokenScope? upTo)
    {
        for (var scope = _tokens; scope is not null; scope = scope.Outer)
        {
            scope.Trip(strand.Loop);
            if (ReferenceEquals(scope, upTo))
            {
                return;
            }
        }
    }

    /// <summary>Lets a token from outside cancel the task, from any thread, until the task ends.</summary>
    internal void LinkOutside(CancellationToken token)
    {
        var task = strand;
        if (token.IsCancellationRequested)
        {
            task.Cancel(null, null); // now, not through the queue, where the first step would be ahead of it
            return;
        }

        _outside = token.UnsafeRegister(
            static state =>
            {
                var target = (TaskStrand)state!;
                target.Loop.EnqueueFromAnywhere(new OutsideCancel(target), null);
            },
            task);
    }

    private sealed class OutsideCancel(TaskStrand target) : Runnable
    {
        internal override void Run(object? argument)
        {
            if (!target.Owner.IsCompleted)
            {
                target.Cancel(null, null);
            }
        }
    }

    // ---- guests -----------------------------------------------------------------------------------------------------

    /// <summary>What of ours foreign code called by this task waits for now.</summary>
    internal GuestWaits Guests => GuestsOrNull ??= new GuestWaits(strand);

    internal GuestWaits? GuestsOrNull { get; private set; }

    internal void OnTaskDone() => _outside.Dispose();
}
