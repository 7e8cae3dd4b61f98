using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>Where tasks wait to be woken, in the order of their coming: the inside of events and conditions.</summary>
/// <param name="owner">Whose room it is, for messages.</param>
/// <param name="name">What is awaited, for stacks.</param>
internal sealed class WaitingRoom(object owner, string name)
{
    private WaiterLine<bool> _line;
    private LoopBinding _binding;
    private int _leaving; // woken or cancelled; their turn has not come yet

    /// <summary>Whoever comes while it is open does not wait.</summary>
    internal bool IsOpen;

    /// <summary>How many are inside, with those who are about to leave.</summary>
    internal int Count => _line.Count + _leaving;

    private string Name => name;

    /// <summary>For messages: <c>, waiters:2</c>, empty if there are none.</summary>
    internal string CountText => Count > 0 ? $", waiters:{Count}" : "";

    internal Coroutine<bool> WaitAsync() => new(WaitLeaf.Rent(this));

    internal void Bind(EventLoop loop) => _binding.Bind(loop, owner);

    /// <summary>Wakes the first <paramref name="count"/>; fewer if there are fewer.</summary>
    internal void Wake(int count)
    {
        for (; count > 0 && _line.WakeFirst(); count--)
        {
            _leaving++;
        }
    }

    private sealed class WaitLeaf : WaiterLeaf<bool>
    {
        [ThreadStatic]
        private static FramePool t_pool;

        private WaitingRoom? _room;

        internal override string Name => _room?.Name ?? "WaitAsync";

        internal static WaitLeaf Rent(WaitingRoom room)
        {
            var leaf = Unsafe.As<WaitLeaf?>(t_pool.Rent()) ?? new WaitLeaf();
            leaf._room = room;
            leaf.Result = true;
            leaf.Status = room.IsOpen ? FrameStatus.Immediate : FrameStatus.Created;
            NeverAwaited.TrackIfDebug(leaf);
            return leaf;
        }

        protected override bool TryAtOnce(Strand strand) => _room!.IsOpen;

        protected override bool Begin(Strand strand)
        {
            var room = _room!;
            if (room.IsOpen)
            {
                return true;
            }

            room.Bind(strand.Loop);
            room._line.Append(this);
            return false;
        }

        protected override bool Resume(Strand strand)
        {
            _room!._leaving--;
            return true;
        }

        protected override void Unlink()
        {
            _room!._line.Remove(this);
            _room._leaving++;
        }

        protected override void GiveBack()
        {
            // A door that was open is nobody's; a condition wakes another in its WaitAsync.
        }

        internal override void Release()
        {
            Waiter = null;
            _room = null;
            t_pool.Return(this);
        }
    }
}
