using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The tasks of a loop that have not ended, held strongly. An array in which each task knows its place: to leave, the last one
/// moves up. A linked list would keep the order of creation, which asyncio does not either, at three times the writes.
/// </summary>
internal sealed class TaskRegistry
{
    private Slot[] _slots = new Slot[64];
    private int _count;

    // A struct around the reference: no covariance check on each store.
    private struct Slot
    {
        internal Future Task;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Future task)
    {
        var index = _count;
        if (index == _slots.Length)
        {
            Array.Resize(ref _slots, index * 2);
        }

        _slots[index].Task = task;
        task.RegistryIndex = index;
        _count = index + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Remove(Future task)
    {
        var slots = _slots;
        var index = task.RegistryIndex;
        var last = --_count;
        if (index != last)
        {
            var moved = slots[last].Task;
            slots[index].Task = moved;
            moved.RegistryIndex = index;
        }

        slots[last] = default;
    }

    internal List<IAsyncTask> ToList()
    {
        var tasks = new List<IAsyncTask>(_count);
        for (var i = 0; i < _count; i++)
        {
            tasks.Add((IAsyncTask)_slots[i].Task);
        }

        return tasks;
    }
}
