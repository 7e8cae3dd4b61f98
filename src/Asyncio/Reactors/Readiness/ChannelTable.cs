namespace Asyncio;

/// <summary>
/// The open channels of a reactor, each under a key that is never used twice: what comes late for one that is closed finds nobody,
/// also if its descriptor's number belongs to another by now.
/// </summary>
internal sealed class ChannelTable
{
    private Slot[] _slots = new Slot[16];
    private int _used;
    private int _firstFree = -1;

    /// <summary>The channel's key: where it stands, and how often somebody stood there before.</summary>
    internal ulong Add(ReadinessChannel channel)
    {
        var index = _firstFree;
        if (index < 0)
        {
            index = _used++;
            if (index == _slots.Length)
            {
                Array.Resize(ref _slots, index * 2);
            }
        }
        else
        {
            _firstFree = _slots[index].NextFree;
        }

        _slots[index].Channel = channel;
        return (ulong)_slots[index].Generation << 32 | (uint)index;
    }

    internal void Remove(ulong key)
    {
        var index = (int)(uint)key;
        ref var slot = ref _slots[index];
        slot.Channel = null;
        slot.Generation++;
        slot.NextFree = _firstFree;
        _firstFree = index;
    }

    internal ReadinessChannel? Find(ulong key)
    {
        var index = (uint)key;
        return index < (uint)_used && _slots[index].Generation == (uint)(key >> 32) ? _slots[index].Channel : null;
    }

    internal void CloseAll()
    {
        for (var i = 0; i < _used; i++)
        {
            _slots[i].Channel?.Close();
        }
    }

    private struct Slot
    {
        internal ReadinessChannel? Channel;
        internal uint Generation;
        internal int NextFree;
    }
}
