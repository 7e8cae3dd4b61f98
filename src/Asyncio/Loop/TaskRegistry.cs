using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The tasks of a loop that have not ended: strong references, so that a running task is never collected. Each knows its place, and
/// the places of those that have ended are used again: adding and removing are O(1), and removing writes no reference.
/// </summary>
internal sealed class TaskRegistry
{
    private Slot[] _slots = new Slot[64];
    private int[] _free = new int[64]; // a stack of places that were given up
    private int _used;
    private int _freeCount;

    // A struct around the reference: no covariance check on each store.
    private struct Slot
    {
        internal Future? Task;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Future task)
    {
        var index = _freeCount > 0 ? _free[--_freeCount] : NewPlace();
        _slots[index].Task = task;
        task.RegistryIndex = index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Remove(Future task)
    {
        var index = task.RegistryIndex;
        _slots[index].Task = null;
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, _free.Length * 2);
        }

        _free[_freeCount++] = index;
    }

    internal List<IAsyncTask> ToList()
    {
        var tasks = new List<IAsyncTask>(_used - _freeCount);
        for (var i = 0; i < _used; i++)
        {
            if (_slots[i].Task is { } task)
            {
                tasks.Add((IAsyncTask)task);
            }
        }

        return tasks;
    }

    private int NewPlace()
    {
        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, _used * 2);
        }

        return _used++;
    }
}
