using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Asyncio;

/// <summary>A lock, and a place to wait until something that it protects has changed. The counterpart of <c>asyncio.Condition</c>.</summary>
/// <remarks>
/// <para><c>using (await condition.AcquireAsync()) { await condition.WaitForAsync(() =&gt; items.Count &gt; 0); … }</c></para>
/// <para>Not thread-safe: only the loop's thread may touch it. It belongs to no loop until a task has to wait.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncCondition
{
    private readonly AsyncLock _lock;
    private readonly WaitingRoom _room;

    /// <summary>A condition on <paramref name="mutex"/>, which it may share with others.</summary>
    /// <param name="mutex">The lock; null makes a new one.</param>
    public AsyncCondition(AsyncLock? mutex = null)
    {
        _lock = mutex ?? new AsyncLock();
        _room = new WaitingRoom(this, "AsyncCondition.WaitAsync");
    }

    /// <summary>The lock's <see cref="AsyncLock.IsLocked"/>.</summary>
    public bool IsLocked => _lock.IsLocked;

    /// <summary>Its state now: how many wait to be notified, and the lock's.</summary>
    public AsyncConditionStatistics Statistics => new(_room.Count, _lock.Statistics);

    /// <summary>As <see cref="IsLocked"/>. Asyncio: <c>locked()</c>.</summary>
    public bool Locked() => _lock.IsLocked;

    /// <summary>Takes the lock. Asyncio: <c>acquire()</c>.</summary>
    /// <inheritdoc cref="AsyncLock.AcquireAsync"/>
    public Coroutine<AsyncLockReleaser> AcquireAsync() => _lock.AcquireAsync();

    /// <inheritdoc cref="AsyncLock.TryAcquire"/>
    public bool TryAcquire() => _lock.TryAcquire();

    /// <inheritdoc cref="AsyncLock.Release"/>
    public void Release() => _lock.Release();

    /// <summary>Releases the lock, waits to be notified, and takes the lock again. Asyncio: <c>wait()</c>.</summary>
    /// <returns>Always true. It may be woken without need: look at what was waited for again, as <see cref="WaitForAsync(Func{bool})"/> does.</returns>
    /// <exception cref="InvalidOperationException">The lock is not held; or it has waited under another loop before.</exception>
    /// <remarks>Always suspends. Cancelled, it takes the lock again before it throws, however often it is cancelled meanwhile, and passes on a notification that it may have had.</remarks>
    public async Coroutine<bool> WaitAsync()
    {
        if (!_lock.IsLocked)
        {
            throw new InvalidOperationException("cannot wait on un-acquired lock");
        }

        _room.Bind(EventLoop.RequireRunning()); // before the lock is given up: a wrong loop is an error of this call, not a loss of the lock
        var taking = _lock.Taking;
        _lock.Release();
        CancelledException? cancelled = null;
        try
        {
            try
            {
                await _room.WaitAsync();
            }
            catch (CancelledException e)
            {
                cancelled = e;
            }

            while (true)
            {
                try
                {
                    await _lock.AcquireAsync();
                    _lock.Taking = taking;
                    break;
                }
                catch (CancelledException e)
                {
                    cancelled = e;
                }
            }

            if (cancelled is not null)
            {
                ExceptionDispatchInfo.Throw(cancelled); // the latest, and the very object
            }

            return true;
        }
        catch
        {
            // This task may have been notified and cannot use it: another is woken instead, perhaps without need.
            _room.Wake(1);
            throw;
        }
    }

    /// <summary>Waits until <paramref name="predicate"/> is true. Asyncio: <c>wait_for()</c>.</summary>
    /// <param name="predicate">Asked at once, and after each notification, with the lock held.</param>
    /// <returns>True, the predicate's value.</returns>
    /// <exception cref="InvalidOperationException">It has to wait, and the lock is not held.</exception>
    /// <remarks>Suspends only if the predicate is false at first; then needs no lock. Cancellation is that of <see cref="WaitAsync"/>.</remarks>
    public Coroutine<bool> WaitForAsync(Func<bool> predicate) => WaitForAsync<bool>(predicate);

    /// <summary>Waits until <paramref name="predicate"/> gives something: neither null nor its type's default. Asyncio: <c>wait_for()</c>.</summary>
    /// <returns>What the predicate gave.</returns>
    /// <inheritdoc cref="WaitForAsync(Func{bool})"/>
    public async Coroutine<T> WaitForAsync<T>(Func<T?> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (true)
        {
            var value = predicate();
            if (!EqualityComparer<T>.Default.Equals(value, default))
            {
                return value!;
            }

            await WaitAsync();
        }
    }

    /// <summary>Refused: the predicate is asked, not awaited.</summary>
    [Obsolete("A predicate cannot be a coroutine. Await what it needs before, and give a plain function.", error: true)]
    public Coroutine<bool> WaitForAsync(Func<Coroutine<bool>> predicate) => throw new NotSupportedException();

    /// <summary>Wakes the first <paramref name="n"/> who wait, or all if there are fewer. They go on one by one as the lock is released. Does not suspend. Asyncio: <c>notify()</c>.</summary>
    /// <exception cref="InvalidOperationException">The lock is not held.</exception>
    public void Notify(int n = 1)
    {
        if (!_lock.IsLocked)
        {
            throw new InvalidOperationException("cannot notify on un-acquired lock");
        }

        _room.Wake(n);
    }

    /// <summary>Wakes all who wait. Does not suspend. Asyncio: <c>notify_all()</c>.</summary>
    /// <inheritdoc cref="Notify"/>
    public void NotifyAll() => Notify(int.MaxValue);

    /// <summary>As asyncio's: <c>&lt;AsyncCondition [locked, waiters:2]&gt;</c>.</summary>
    public override string ToString() => $"<AsyncCondition [{(IsLocked ? "locked" : "unlocked")}{_room.CountText}]>";
}
