using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Lets a number of tasks in at a time, first come first served. The counterpart of <c>asyncio.Semaphore</c>.</summary>
/// <remarks>
/// <c>using (await semaphore.AcquireAsync()) { … }</c>. Anybody may release, also more than was acquired: that adds permits; see
/// <see cref="AsyncBoundedSemaphore"/>. Not thread-safe: only the loop's thread may touch it. It belongs to no loop until a task has
/// to wait.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public class AsyncSemaphore
{
    private WaiterLine<AsyncSemaphoreReleaser> _line;
    private LoopBinding _binding;
    private int _value;
    private int _woken;     // out of the line, with a permit; their turn has not come yet
    private int _cancelled; // out of the line, without one; their turn has not come yet

    /// <summary>A semaphore with <paramref name="value"/> permits.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
    public AsyncSemaphore(int value = 1)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Semaphore initial value must be >= 0.");
        }

        _value = value;
    }

    /// <summary>True if it cannot be acquired at once: no permit is free, or others have been waiting for longer.</summary>
    public bool IsLocked => _value == 0 || _line.Count > 0 || _woken > 0;

    /// <summary>Its state now: free permits, and how many wait.</summary>
    public AsyncSemaphoreStatistics Statistics => new(_value, Waiters);

    /// <summary>The permits that are free.</summary>
    private protected int Permits => _value;

    private int Waiters => _line.Count + _woken + _cancelled;

    /// <summary>As <see cref="IsLocked"/>. Asyncio: <c>locked()</c>.</summary>
    public bool Locked() => IsLocked;

    /// <summary>Takes a permit, waiting for one if need be. Asyncio: <c>acquire()</c>.</summary>
    /// <returns>What returns it when disposed; it may be ignored and <see cref="Release"/> called instead.</returns>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if <see cref="IsLocked"/>. Cancelling the wait leaves the line; a permit that had been handed to it goes to the next.</remarks>
    public Coroutine<AsyncSemaphoreReleaser> AcquireAsync() => new(AcquireLeaf.Rent(this));

    /// <summary>Takes a permit if one is free and nobody waits for it. Does not suspend.</summary>
    /// <returns>True if it was taken.</returns>
    public bool TryAcquire()
    {
        if (IsLocked)
        {
            return false;
        }

        _value--;
        return true;
    }

    /// <summary>Returns a permit, or adds one; the first who waits has it at once. Does not suspend. Asyncio: <c>release()</c>.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits, and the loop runs in another thread than this.</exception>
    public virtual void Release()
    {
        WakeNext(); // first: refused on a wrong thread, it leaves all as it was
        _value++;
    }

    /// <summary>As asyncio's: <c>&lt;AsyncSemaphore [unlocked, value:1]&gt;</c>, <c>&lt;AsyncSemaphore [locked, waiters:2]&gt;</c>.</summary>
    public override string ToString() =>
        $"<{GetType().Name} [{(IsLocked ? "locked" : $"unlocked, value:{_value}")}{(Waiters > 0 ? $", waiters:{Waiters}" : "")}]>";

    private bool WakeNext()
    {
        if (!_line.WakeFirst())
        {
            return false;
        }

        _value--;
        _woken++;
        return true;
    }

    private sealed class AcquireLeaf : WaiterLeaf<AsyncSemaphoreReleaser>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        internal override string Name => "AsyncSemaphore.AcquireAsync";

        private AsyncSemaphore Semaphore => Result.Semaphore!;

        internal static AcquireLeaf Rent(AsyncSemaphore semaphore)
        {
            var leaf = Unsafe.As<AcquireLeaf?>(t_pool.Rent()) ?? new AcquireLeaf();
            leaf.Result = new AsyncSemaphoreReleaser(semaphore);
            leaf.Status = semaphore._value > 0 ? FrameStatus.Immediate : FrameStatus.Created;
            NeverAwaited.TrackIfDebug(leaf);
            return leaf;
        }

        protected override bool TryAtOnce(Strand strand) => Semaphore.TryAcquire();

        protected override bool Begin(Strand strand)
        {
            var semaphore = Semaphore;
            if (semaphore.TryAcquire())
            {
                return true;
            }

            semaphore._binding.Bind(strand.Loop, semaphore);
            semaphore._line.Append(this);
            return false;
        }

        protected override bool Resume(Strand strand)
        {
            var semaphore = Semaphore;
            if (Status == FrameStatus.Succeeded)
            {
                semaphore._woken--;
            }
            else
            {
                semaphore._cancelled--;
            }

            // Those who came after this one was woken had to queue behind it, even if there were permits for them.
            while (semaphore._value > 0 && semaphore.WakeNext())
            {
            }

            return true;
        }

        protected override void Unlink()
        {
            var semaphore = Semaphore;
            semaphore._line.Remove(this);
            semaphore._cancelled++;
        }

        // Resume, which follows at once, hands the permit on.
        protected override void GiveBack()
        {
            var semaphore = Semaphore;
            semaphore._value++;
            semaphore._woken--;
            semaphore._cancelled++;
        }

        internal override void Release()
        {
            Waiter = null;
            Result = default;
            t_pool.Return(this);
        }
    }
}
