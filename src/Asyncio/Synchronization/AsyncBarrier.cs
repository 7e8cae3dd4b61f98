using System.Diagnostics;

namespace Asyncio;

/// <summary>Lets tasks go on when a number of them has come; then the next ones. The counterpart of <c>asyncio.Barrier</c>.</summary>
/// <remarks>Not thread-safe: only the loop's thread may touch it. It belongs to no loop until a task has to wait.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncBarrier
{
    private readonly AsyncCondition _changed = new(); // notified whenever the state changes
    private readonly Func<bool> _isReady;
    private readonly Func<bool> _isFilled;
    private readonly int _parties;
    private State _state;
    private int _inside;

    /// <summary>A barrier for <paramref name="parties"/> tasks.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parties"/> is less than 1.</exception>
    public AsyncBarrier(int parties)
    {
        if (parties < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(parties), parties, "parties must be >= 1");
        }

        _parties = parties;
        _isReady = () => _state is not (State.Draining or State.Resetting);
        _isFilled = () => _state is not State.Filling;
    }

    private enum State
    {
        Filling,
        Draining,
        Resetting,
        Broken,
    }

    /// <summary>How many tasks it takes. Asyncio: <c>parties</c>.</summary>
    public int Parties => _parties;

    /// <summary>How many have come and wait for the others; 0 while they are leaving, and while it is reset or broken. Asyncio: <c>n_waiting</c>.</summary>
    public int Waiting => _state == State.Filling ? _inside : 0;

    /// <summary>True after <see cref="AbortAsync"/>, until <see cref="ResetAsync"/>. Asyncio: <c>broken</c>.</summary>
    public bool IsBroken => _state == State.Broken;

    /// <summary>Its state now.</summary>
    public AsyncBarrierStatistics Statistics => new(_parties, Waiting, IsBroken);

    /// <summary>Waits until all have come. Asyncio: <c>wait()</c>.</summary>
    /// <returns>The place in the order of arrival, from 0: a number that each of these tasks has for itself.</returns>
    /// <exception cref="BrokenBarrierException">It is broken, or it is aborted or reset while this waits.</exception>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. The last to come does not suspend; who comes while the ones before are leaving waits until they have. Cancelling the wait lowers the count and breaks nothing.</remarks>
    public async Coroutine<int> WaitAsync()
    {
        using (await _changed.AcquireAsync())
        {
            await _changed.WaitForAsync(_isReady);
            if (_state == State.Broken)
            {
                throw new BrokenBarrierException("Barrier aborted");
            }

            try
            {
                var index = _inside++;
                if (index + 1 == _parties)
                {
                    _state = State.Draining;
                    _changed.NotifyAll();
                }
                else
                {
                    await _changed.WaitForAsync(_isFilled);
                    if (_state is State.Broken or State.Resetting)
                    {
                        throw new BrokenBarrierException("Abort or reset of barrier");
                    }
                }

                return index;
            }
            finally
            {
                Leave();
            }
        }
    }

    /// <summary>Makes it as new: those who wait get <see cref="BrokenBarrierException"/>, those who come meanwhile wait until these have left. Asyncio: <c>reset()</c>.</summary>
    /// <remarks>Acts when awaited. Does not suspend, unless another task is just passing through. Cancelled there, it resets nothing.</remarks>
    public async Coroutine ResetAsync()
    {
        using (await _changed.AcquireAsync())
        {
            _state = _inside > 0 ? State.Resetting : State.Filling;
            _changed.NotifyAll();
        }
    }

    /// <summary>Breaks it until it is reset: those who wait, and those who come, get <see cref="BrokenBarrierException"/>. Asyncio: <c>abort()</c>.</summary>
    /// <remarks>Acts when awaited. Does not suspend, unless another task is just passing through. Cancelled there, it breaks nothing.</remarks>
    public async Coroutine AbortAsync()
    {
        using (await _changed.AcquireAsync())
        {
            _state = State.Broken;
            _changed.NotifyAll();
        }
    }

    /// <summary>As asyncio's: <c>&lt;AsyncBarrier [filling, waiters:1/3]&gt;</c>.</summary>
    public override string ToString() => _state switch
    {
        State.Filling => $"<AsyncBarrier [filling, waiters:{_inside}/{_parties}]>",
        State.Draining => $"<AsyncBarrier [draining, waiters:0/{_parties}]>",
        State.Resetting => $"<AsyncBarrier [resetting, waiters:0/{_parties}]>",
        _ => "<AsyncBarrier [broken]>",
    };

    /// <summary>The last to leave opens it again, and lets those in who waited outside.</summary>
    private void Leave()
    {
        if (--_inside == 0)
        {
            if (_state is State.Resetting or State.Draining)
            {
                _state = State.Filling;
            }

            _changed.NotifyAll();
        }
    }
}
