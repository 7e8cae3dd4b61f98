using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Turns the arguments of the gather functions into children, in their order, and the children into results.</summary>
internal ref struct Gathering
{
    private EventLoop? _loop;
    private Child[] _children;
    private int _count;

    /// <param name="capacity">How many children there will be, where that is known; 0 where not.</param>
    internal Gathering(int capacity)
    {
        _loop = EventLoop.Running;
        _children = capacity == 0 ? [] : new Child[capacity];
    }

    internal void Add<T>(Coroutine<T> coroutine)
    {
        if (coroutine.Frame is { } frame && frame.Version != coroutine.Version && FindTaskOf(coroutine) is { } task)
        {
            Append(task);
            return;
        }

        Append((_loop ?? Aio.RunningFor(coroutine)).CreateTask(coroutine));
    }

    internal void Add(Coroutine coroutine)
    {
        if (coroutine.Frame is { } frame && frame.Version != coroutine.Version && FindTaskOf(new Coroutine<Unit>(frame, coroutine.Version)) is { } task)
        {
            Append(task);
            return;
        }

        Append((_loop ?? Aio.RunningFor(coroutine)).CreateTask(coroutine));
    }

    /// <summary>A future is taken as it is; it must be of the loop of the others.</summary>
    internal void Add<T>(Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        future = future.AsFuture(_loop);
        _loop ??= future.LoopField;
        Append(future);
    }

    /// <summary>A coroutine becomes a task, a future is taken as it is.</summary>
    internal void Add<T>(IAwaitable<T> awaitable)
    {
        ArgumentNullException.ThrowIfNull(awaitable);
        switch (awaitable)
        {
            case Coroutine<T> coroutine:
                Add(coroutine);
                break;
            case Coroutine coroutine:
                Add(coroutine);
                break;
            default:
                Add(awaitable.AsFuture(_loop));
                break;
        }
    }

    internal readonly GatheringFuture<TResult> Into<TResult>(Func<Child[], TResult> project, bool outcomes = false)
    {
        var children = _children;
        if (children.Length != _count)
        {
            Array.Resize(ref children, _count);
        }

        return new GatheringFuture<TResult>(_loop ?? EventLoop.RequireRunning(), children, project, outcomes);
    }

    internal readonly Future<T[]> IntoArray<T>() => Into(static children =>
    {
        var results = new T[children.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Result<T>(children[i]);
        }

        return results;
    });

    internal readonly Future<TaskOutcome<T>[]> IntoOutcomes<T>() => Into(
        static children =>
        {
            var outcomes = new TaskOutcome<T>[children.Length];
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = TaskOutcome<T>.Of(Unsafe.As<Future<T>>(children[i].Future));
            }

            return outcomes;
        },
        outcomes: true);

    /// <summary>The result of a child that is known to have succeeded.</summary>
    /// <remarks>No cast: the child was added as an awaitable of this very type, and a cast takes as long as all the rest.</remarks>
    internal static T Result<T>(Child child) => Unsafe.As<Future<T>>(child.Future).ValueUnchecked;

    private void Append(Future child)
    {
        if (_count == _children.Length)
        {
            Array.Resize(ref _children, Math.Max(4, _count * 2));
        }

        _children[_count++].Future = child;
    }

    /// <summary>The same coroutine a second time runs once; its result appears at each place.</summary>
    private readonly AsyncTask<T>? FindTaskOf<T>(Coroutine<T> coroutine)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_children[i].Future is AsyncTask<T> task && task.GetCoroutine() == coroutine)
            {
                return task;
            }
        }

        return null;
    }
}

/// <summary>One that is gathered. A struct around the reference: no covariance check on each store.</summary>
internal struct Child
{
    internal Future Future;
}
