using System.Runtime.CompilerServices;

namespace Asyncio.Files;

/// <summary>
/// One operation after the other, first come, first served: a file has one position and one buffer. Unlike <see cref="AsyncLock"/> it is
/// handed over, and entering may refuse to be cancelled.
/// </summary>
/// <param name="owner">Whose turns they are, for messages.</param>
internal sealed class FileTurns(object owner)
{
    private WaiterLine<Turn> _line;
    private bool _taken;

    /// <summary>Of those who are in; when nobody is, any loop may come. Null: nobody has been in.</summary>
    internal EventLoop? Loop { get; private set; } = EventLoop.t_running;

    internal bool IsTaken => _taken;

    /// <summary>Waits for its turn, which lasts until what this gives is disposed of.</summary>
    /// <param name="patient">True: a cancellation has to wait until the turn has come.</param>
    internal Coroutine<Turn> EnterAsync(bool patient = false) => new(EnterLeaf.Rent(this, patient));

    /// <summary>For a file that was made in a thread: until somebody comes, it is of that loop.</summary>
    internal void BelongTo(EventLoop loop) => Loop = loop;

    private bool TryEnter(EventLoop loop)
    {
        if (_taken)
        {
            return ReferenceEquals(Loop, loop) ? false : throw new InvalidOperationException($"{owner} is in use under a different event loop.");
        }

        _taken = true;
        Loop = loop;
        return true;
    }

    internal readonly struct Turn(FileTurns turns) : IDisposable
    {
        internal FileTurns Turns => turns;

        public void Dispose() => turns._taken = turns._line.WakeFirst();
    }

    private sealed class EnterLeaf : PatientLeaf<Turn>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        private bool _patient;

        internal override string Name => "the file's turn";

        internal static EnterLeaf Rent(FileTurns turns, bool patient)
        {
            var leaf = Unsafe.As<EnterLeaf?>(t_pool.Rent()) ?? new EnterLeaf();
            leaf.Result = new Turn(turns);
            leaf._patient = patient;
            leaf.Status = turns._taken ? FrameStatus.Created : FrameStatus.Immediate;
            NeverAwaited.TrackIfDebug(leaf);
            return leaf;
        }

        protected override bool TryAtOnce(Strand strand) => Result.Turns.TryEnter(strand.Loop);

        protected override bool Begin(Strand strand)
        {
            var turns = Result.Turns;
            if (turns.TryEnter(strand.Loop))
            {
                return true;
            }

            turns._line.Append(this);
            return false;
        }

        protected override bool TryWithdraw(CancelledException? request)
        {
            if (_patient)
            {
                return false;
            }

            Result.Turns._line.Remove(this);
            return true;
        }

        internal override void Release()
        {
            Waiter = null;
            Result = default;
            t_pool.Return(this);
        }
    }
}
