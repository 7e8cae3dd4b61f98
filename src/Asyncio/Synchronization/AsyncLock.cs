using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Mutual exclusion between tasks, first come first served. The counterpart of <c>asyncio.Lock</c>.</summary>
/// <remarks>
/// <para><c>using (await mutex.AcquireAsync()) { … }</c>, or <c>await mutex.AcquireAsync(); try { … } finally { mutex.Release(); }</c>.</para>
/// <para>
/// Not re-entrant, and not owned: any task may release it. Needed only where a section awaits inside: between two awaits a task has
/// the loop's thread to itself. Not thread-safe: only the loop's thread may touch it. It belongs to no loop until a task has to wait.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncLock
{
    private WaiterLine<AsyncLockReleaser> _line;
    private LoopBinding _binding;
    private Future? _owner;
    private int _cancelled; // of those in line: they leave it when their turn comes, and until then are passed over by nobody
    private int _takings;
    private int _taking;
    private bool _locked;

    /// <summary>True while somebody holds it. Between a release and the turn of the task that gets it next it is false, although nobody else can take it.</summary>
    public bool IsLocked => _locked;

    /// <summary>Its state now: who holds it, how many wait.</summary>
    public AsyncLockStatistics Statistics => new(_locked, _line.Count, _owner as IAsyncTask);

    /// <summary>As <see cref="IsLocked"/>. Asyncio: <c>locked()</c>.</summary>
    public bool Locked() => _locked;

    /// <summary>Takes the lock, waiting for it if need be. Asyncio: <c>acquire()</c>.</summary>
    /// <returns>What releases it when disposed; it may be ignored and <see cref="Release"/> called instead.</returns>
    /// <exception cref="InvalidOperationException">It has to wait, and has done so under another loop before.</exception>
    /// <remarks>Acts when awaited. Suspends only if the lock is held or others wait. Cancelling the wait leaves the line; if the lock had been passed to it, it goes to the next.</remarks>
    public Coroutine<AsyncLockReleaser> AcquireAsync() => new(AcquireLeaf.Rent(this));

    /// <summary>Takes the lock if it is free and nobody waits for it. Does not suspend.</summary>
    /// <returns>True if it was taken.</returns>
    public bool TryAcquire() => TryTake(Strand.Active?.Owner);

    /// <summary>Gives the lock back; the first who waits gets it when its turn comes. Does not suspend. Asyncio: <c>release()</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not held; or somebody waits, and the loop runs in another thread than this.</exception>
    public void Release()
    {
        if (!_locked)
        {
            throw new InvalidOperationException("Lock is not acquired.");
        }

        WakeFirst(); // first: refused on a wrong thread, it leaves all as it was
        _locked = false;
        _owner = null;
    }

    /// <summary>
    /// Which acquisition holds it. A condition, which gives the lock away while it waits and takes it again, sets back what it was:
    /// the releaser is from before the wait.
    /// </summary>
    internal int Taking
    {
        get => _taking;
        set => _taking = value;
    }

    /// <summary>For a releaser: one that is disposed of a second time must not free the lock for somebody else's section.</summary>
    internal void ReleaseOnce(int taking)
    {
        if (_locked && _taking == taking)
        {
            Release();
        }
    }

    /// <summary>As asyncio's: <c>&lt;AsyncLock [locked, waiters:2]&gt;</c>.</summary>
    public override string ToString() => $"<AsyncLock [{(_locked ? "locked" : "unlocked")}{(_line.Count > 0 ? $", waiters:{_line.Count}" : "")}]>";

    private bool TryTake(Future? owner)
    {
        if (_locked || _line.Count > _cancelled)
        {
            return false;
        }

        Take(owner);
        return true;
    }

    private void Take(Future? owner)
    {
        _locked = true;
        _taking = ++_takings;
        _owner = owner;
    }

    private void WakeFirst()
    {
        // One that was woken or cancelled before stays at the head until its turn, and wakes the next then if it does not take the lock.
        if (_line.First is { IsWaiting: true } first)
        {
            first.WakeUp();
        }
    }

    private sealed class AcquireLeaf : WaiterLeaf<AsyncLockReleaser>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        internal override string Name => "AsyncLock.AcquireAsync";

        private AsyncLock Lock => Result.Lock!;

        internal static AcquireLeaf Rent(AsyncLock mutex)
        {
            var leaf = Unsafe.As<AcquireLeaf?>(t_pool.Rent()) ?? new AcquireLeaf();
            leaf.Result = new AsyncLockReleaser(mutex, 0);
            leaf.Status = mutex._locked ? FrameStatus.Created : FrameStatus.Immediate;
            NeverAwaited.TrackIfDebug(leaf);
            return leaf;
        }

        protected override bool TryAtOnce(Strand strand)
        {
            var mutex = Lock;
            return mutex.TryTake(strand.Owner) && Taken(mutex);
        }

        protected override bool Begin(Strand strand)
        {
            var mutex = Lock;
            if (mutex.TryTake(strand.Owner))
            {
                return Taken(mutex);
            }

            mutex._binding.Bind(strand.Loop, mutex);
            mutex._line.Append(this);
            return false;
        }

        protected override bool Resume(Strand strand)
        {
            var mutex = Lock;
            mutex._line.Remove(this);
            if (Status == FrameStatus.Succeeded)
            {
                mutex.Take(strand.Owner);
                return Taken(mutex);
            }

            mutex._cancelled--;
            if (!mutex._locked)
            {
                mutex.WakeFirst();
            }

            return true;
        }

        private bool Taken(AsyncLock mutex)
        {
            Result = new AsyncLockReleaser(mutex, mutex._taking);
            return true;
        }

        // Both leave the line, and pass the lock on, in Resume: asyncio's waiter also stays in line until its turn.
        protected override void Unlink() => Lock._cancelled++;

        protected override void GiveBack() => Lock._cancelled++;

        internal override void Release()
        {
            Waiter = null;
            Result = default;
            t_pool.Return(this);
        }
    }
}
