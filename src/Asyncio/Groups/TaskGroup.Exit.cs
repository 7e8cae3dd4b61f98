namespace Asyncio;

// The end of a group: waits for the children, then says what became of them.
public sealed partial class TaskGroup
{
    private ExitLeaf? _exit;

    /// <summary>In the flat spelling: waits for all children. To be awaited last, on every path, by the task that made the group. Asyncio: what the end of <c>async with</c> does.</summary>
    /// <exception cref="ExceptionGroup">A child has failed.</exception>
    /// <exception cref="CancelledException">The task was cancelled from outside; the children have been, too.</exception>
    /// <exception cref="InvalidOperationException">Another task awaits it, or the group is one of <see cref="Run(Func{TaskGroup, Coroutine}, int?)"/>, which joins by itself.</exception>
    /// <remarks>Suspends only if there are children that have not ended. After it the group takes no more tasks; a second call does nothing.</remarks>
    public Coroutine JoinAsync()
    {
        if (_place is null)
        {
            throw new InvalidOperationException("TaskGroup.Run joins its group by itself, when the body has ended.");
        }

        return IsFinished ? Coroutine.Completed : Exit(null, joined: true);
    }

    /// <summary>
    /// The end of the flat spelling. Does nothing after <see cref="JoinAsync"/>. Without it the children are cancelled and waited for; if one had
    /// failed, the <see cref="ExceptionGroup"/> is thrown; if none had and some were running, the loop's exception handler is told, because an
    /// early <c>return</c> looks like that.
    /// </summary>
    /// <exception cref="ExceptionGroup">A child had failed, and the group was not joined.</exception>
    /// <exception cref="CancelledException">The task was cancelled from outside, and the group was not joined; failures of children go to the loop's exception handler then.</exception>
    public Coroutine DisposeAsync() => _place is null || _exiting ? Coroutine.Completed : Exit(null, joined: false);

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private Coroutine Exit(Exception? error, bool joined)
    {
        var leaf = new ExitLeaf(this, error, joined);
        return new Coroutine(leaf, leaf.Version);
    }

    /// <summary>What leaving the group throws; null for nothing. All children have ended.</summary>
    private Exception? Conclude(Exception? bodyError, CancelledException? cancel)
    {
        _parent.Details.LeaveTokenScope(_tokens);
        if (_parentCancelRequested && _parent.Uncancel() == 0)
        {
            cancel = null;
        }

        if (_interrupt is not null)
        {
            ReportAll(_errors.Where(error => error != _interrupt));
            return _interrupt;
        }

        if (cancel is not null && _errors.Count == 0)
        {
            return cancel;
        }

        if (bodyError is not null)
        {
            _errors.Add(bodyError);
        }

        return _errors.Count == 0 ? null : Group();
    }

    /// <summary>The same for a group that was left without being joined.</summary>
    private Exception? ConcludeUnjoined(int childrenLeft, int failuresBefore, Exception? bodyError, CancelledException? cancel)
    {
        _parent.Details.LeaveTokenScope(_tokens);
        if (_parentCancelRequested)
        {
            _parent.Uncancel();
        }

        if (_interrupt is not null)
        {
            ReportAll(_errors.Where(error => error != _interrupt));
            return _interrupt;
        }

        if (_parent.Requests > _requestsAtEntry && (childrenLeft > 0 || _errors.Count > 0))
        {
            ReportAll(_errors);
            return cancel ?? _parent.MakeCancelled();
        }

        if (failuresBefore > 0)
        {
            if (bodyError is not null)
            {
                _errors.Add(bodyError);
            }

            return Group();
        }

        ReportAll(_errors);
        if (childrenLeft > 0 && !_parentCancelRequested)
        {
            Report($"TaskGroup (made in {_place}) was left without JoinAsync(): {childrenLeft} of its tasks were cancelled. An early return does that; so does an exception of the body.");
        }

        return cancel;
    }

    private ExceptionGroup Group()
    {
        // What was asked from outside stays asked, and is delivered at the next await.
        if (_parent.Requests > 0)
        {
            _parent.Uncancel();
            _parent.Cancel(null, null);
        }

        var group = new ExceptionGroup("unhandled errors in a TaskGroup", _errors);
        _errors.Clear();
        return group;
    }

    private void ReportAll(IEnumerable<Exception> errors)
    {
        foreach (var error in errors)
        {
            Report("A task of a TaskGroup has failed, and the group raises something else", error);
        }
    }

    /// <summary>The wait for the children. A cancellation does not end it: it is passed on to them.</summary>
    private sealed class ExitLeaf(TaskGroup group, Exception? error, bool joined) : Leaf<Unit>
    {
        private Exception? _bodyError = error;
        private CancelledException? _cancel;
        private int _childrenLeft;
        private int _failuresBefore;

        internal override string Name => joined ? "TaskGroup.JoinAsync" : "TaskGroup.DisposeAsync";

        internal void WakeUp()
        {
            group._exit = null;
            Wake();
        }

        protected override bool Begin(Strand strand)
        {
            if (!ReferenceEquals(strand.Task, group._parent))
            {
                throw new InvalidOperationException($"The TaskGroup belongs to the task that made it ({group._parent.Name}); another one cannot leave it.");
            }

            group._exiting = true;
            LookAtBody(strand.Task);
            if (!group._aborting && (_bodyError is not null || _cancel is not null || (!joined && group._count > 0)))
            {
                group.AbortChildren();
            }

            if (group._count > 0)
            {
                group._exit = this;
                return false;
            }

            if (Conclude() is { } outcome)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(outcome);
            }

            return true;
        }

        protected override void Unlink() => group._exit = null;

        protected override void GiveBack()
        {
            // The children have ended in any case.
        }

        protected override bool Resume(Strand strand)
        {
            if (Status == FrameStatus.Failed)
            {
                if (!group._aborting)
                {
                    _cancel = Materialize(Link) as CancelledException;
                    group.AbortChildren();
                }

                Link = null;
            }

            if (group._count > 0)
            {
                group._exit = this;
                return false;
            }

            if (Conclude() is { } outcome)
            {
                Fail(outcome);
            }
            else
            {
                Status = FrameStatus.Succeeded;
            }

            return true;
        }

        internal override void Release()
        {
            Version++;
            Waiter = null;
        }

        private void LookAtBody(TaskStrand task)
        {
            if (group._watch is { } watch)
            {
                // The compiler's catch has the exception of the body, and does not show it.
                _bodyError ??= joined ? null : watch.LastThrown(task, null);
                watch.End();
                group._watch = null;
            }

            _childrenLeft = group._count;
            _failuresBefore = group._errors.Count;
            group._interrupt ??= _bodyError as KeyboardInterruptException;
            _cancel = _bodyError switch
            {
                CancelledException cancelled => cancelled,
                OperationCanceledException obeyed when task.Details.IsOwnCancellation(obeyed) => new CancelledException(task.Details.CancelMessage, obeyed),
                _ => null,
            };
            if (_cancel is not null)
            {
                _bodyError = null;
                if (!joined)
                {
                    _cancel = null; // on its way already, behind the compiler's catch
                }
            }
        }

        private Exception? Conclude() => joined
            ? group.Conclude(_bodyError, _cancel)
            : group.ConcludeUnjoined(_childrenLeft, _failuresBefore, _bodyError, _cancel);
    }
}
