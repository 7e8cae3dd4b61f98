using System.Runtime.CompilerServices;

namespace Asyncio.Files;

/// <summary>
/// A blocking call in one of the loop's file threads. Cancelled before it has begun, it never does; one that has begun is waited for,
/// since it may hold the caller's buffer and what it does cannot be undone.
/// </summary>
internal sealed class ThreadCall<TState, T> : PatientLeaf<T>
{
    [ThreadStatic]
    private static FramePool t_pool;

    private ThreadWork<TState, T>? _work; // null also for a call that was withdrawn
    private Func<TState, T> _function = null!;
    private TState _state = default!;
    private bool _mustRun;
    private string _name = "";

    internal override string Name => _name;

    /// <param name="name">What is awaited, for stacks.</param>
    /// <param name="function">A static lambda: what it works on comes with <paramref name="state"/>.</param>
    /// <param name="mustRun">True: no cancellation withdraws it, not even before it has begun. For what cleans up.</param>
    internal static Coroutine<T> Create(string name, Func<TState, T> function, TState state, bool mustRun = false)
    {
        var call = Unsafe.As<ThreadCall<TState, T>?>(t_pool.Rent()) ?? new ThreadCall<TState, T>();
        call._name = name;
        call._function = function;
        call._state = state;
        call._mustRun = mustRun;
        NeverAwaited.TrackIfDebug(call);
        return new Coroutine<T>(call, call.Version);
    }

    protected override bool Begin(Strand strand)
    {
        if (!_mustRun && (strand.Flags & StrandFlags.MustCancel) != 0)
        {
            _work = null; // a thread could be faster than the request that is about to be delivered
            return false;
        }

        var work = _work ??= new ThreadWork<TState, T>();
        work.Prepare(strand, _function, _state);
        strand.Loop.FileThreads.Add(work);
        return false;
    }

    protected override bool TryWithdraw(CancelledException? request)
    {
        if (_mustRun || _work?.TryWithdraw() == false)
        {
            return false;
        }

        _work = null; // it still stands in the queue of the threads
        return true;
    }

    protected override bool Resume(Strand strand)
    {
        if (Status == FrameStatus.Failed)
        {
            return true; // withdrawn
        }

        if (_work!.TakeOutcome(out Result) is { } error)
        {
            Fail(error);
        }
        else
        {
            Status = FrameStatus.Succeeded;
        }

        return true;
    }

    internal override void Release()
    {
        Waiter = null;
        Result = default!;
        _state = default!;
        _function = null!;
        t_pool.Return(this);
    }
}
