using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>What the gather functions give: done when all children are, or when one has failed.</summary>
/// <remarks>Not cancelled by <see cref="Cancel"/> on the spot: it asks the children, and fails with the cancellation when they have obeyed.</remarks>
internal sealed class GatheringFuture<TResult> : Future<TResult>
{
    private readonly Func<Child[], TResult> _project;
    private readonly bool _outcomes;
    private Child[] _children;
    private int _left;
    private CancelledException? _cancel;

    /// <param name="loop">Of all children.</param>
    /// <param name="children">In the order of the arguments.</param>
    /// <param name="project">Makes the result of the children, when all are done.</param>
    /// <param name="outcomes">Whether failures are values, and none ends the gathering early.</param>
    internal GatheringFuture(EventLoop loop, Child[] children, Func<Child[], TResult> project, bool outcomes)
        : base(loop)
    {
        _children = children;
        _project = project;
        _outcomes = outcomes;
        _left = children.Length;
        var listener = new Listener(this);
        var anyDone = _left == 0;
        foreach (var child in children)
        {
            if (child.Future.IsCompleted)
            {
                anyDone = true;
            }
            else
            {
                child.Future.AddListener(listener);
            }
        }

        if (anyDone)
        {
            CountThoseDone(children);
        }
    }

    public override bool Cancel(object? message = null)
    {
        if (IsCompleted)
        {
            return false;
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Gatherings nested so deeply that the stack has no room for the rest: that is asked in the next iteration.
            _cancel = new CancelledException(message);
            LoopField.EnqueueChecked(new LateRequest(this), message);
            return true;
        }

        var accepted = false;
        foreach (var child in _children)
        {
            accepted |= child.Future.Cancel(message);
        }

        if (accepted)
        {
            // Whatever the children make of it, the request is passed on in the end.
            _cancel = new CancelledException(message);
        }

        return accepted;
    }

    internal override string Describe() => "Gathering";

    /// <summary>Those that were done beforehand count at once, in their order: where all were, the gathering is done when it is made.</summary>
    private void CountThoseDone(Child[] children)
    {
        if (children.Length == 0)
        {
            Conclude();
            return;
        }

        foreach (var child in children)
        {
            if (child.Future.IsCompleted)
            {
                OnChildDone(child.Future);
            }
        }
    }

    private void OnChildDone(Future child)
    {
        if (IsCompleted)
        {
            child.ForgiveFailure();
            return;
        }

        _left--;
        if (!_outcomes && child.State != FutureState.Succeeded)
        {
            Finish(child.IsCanceled ? child.TakeCancelled() : child.Exception()!);
        }
        else if (_left == 0)
        {
            Conclude();
        }
    }

    private void Conclude()
    {
        if (_cancel is not null)
        {
            foreach (var child in _children)
            {
                child.Future.ForgiveFailure();
            }

            Finish(_cancel);
        }
        else
        {
            var children = _children;
            _children = [];
            TrySetResult(_project(children));
        }
    }

    /// <summary>Also with a cancellation it has failed, and does not count as cancelled: it was not this future that was asked.</summary>
    private void Finish(Exception error)
    {
        _children = [];
        CompleteFaulted(error);
    }

    private sealed class LateRequest(GatheringFuture<TResult> gathering) : Runnable
    {
        internal override void Run(object? argument) => gathering.Cancel(argument);
    }

    /// <summary>One for all children; the ready queue says which of them is done.</summary>
    private sealed class Listener(GatheringFuture<TResult> outer) : Runnable
    {
        internal override void Run(object? argument) => outer.OnChildDone((Future)argument!);
    }
}
