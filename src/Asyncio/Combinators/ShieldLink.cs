using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Mirrors the outcome of a shielded future in the outer one; listens to both.</summary>
internal sealed class ShieldLink<T> : Runnable
{
    private readonly Future<T> _inner;
    private readonly Outer _outer;

    private ShieldLink(Future<T> inner)
    {
        _inner = inner;
        _outer = new Outer(inner.LoopField);
    }

    internal static Future<T> Create(Future<T> inner)
    {
        if (inner.IsCompleted)
        {
            return inner;
        }

        var link = new ShieldLink<T>(inner);
        inner.AddListener(link);
        link._outer.AddListener(link);
        return link._outer;
    }

    internal override void Run(object? argument)
    {
        if (!ReferenceEquals(argument, _inner))
        {
            OnOuterDone();
        }
        else if (!_outer.IsCompleted)
        {
            _outer.TakeOver(_inner);
        }
    }

    /// <summary>If nobody is left to see how the inner one ends, a failure is reported; once, however many shields were around it.</summary>
    private void OnOuterDone()
    {
        if (!_inner.IsCompleted)
        {
            _inner.RemoveListener(this);
            _inner.RemoveListener(LateFailure.Instance);
            _inner.AddListener(LateFailure.Instance);
        }
    }

    private sealed class Outer(EventLoop loop) : Future<T>(loop)
    {
        internal void TakeOver(Future<T> inner)
        {
            switch (inner.State)
            {
                case FutureState.Succeeded:
                    TrySetResult(inner.ValueUnchecked);
                    break;
                case FutureState.Canceled:
                    CompleteCanceled(inner.TakeCancelled());
                    break;
                default:
                    CompleteFaulted(inner.Exception()!);
                    break;
            }
        }
    }

    private sealed class LateFailure : Runnable
    {
        internal static readonly LateFailure Instance = new();

        internal override void Run(object? argument)
        {
            var inner = (Future<T>)argument!;
            if (inner.IsFaulted)
            {
                var error = inner.Exception()!;
                inner.LoopField.EnterCallback(null);
                inner.LoopField.CallExceptionHandler(new ExceptionContext($"{error.GetType().Name} exception in shielded future") { Exception = error, Future = inner });
            }
        }
    }
}
