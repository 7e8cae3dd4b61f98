namespace Asyncio;

/// <summary>What a task of a group with limited concurrency runs: waits for a slot, then runs the coroutine that was given.</summary>
internal sealed class GatedFrame<T> : EnclosingFrame<T>, ILeaf, ISlotWaiter
{
    private readonly TaskSlots _slots;
    private readonly Coroutine<T> _given;
    private LinkedListNode<ISlotWaiter>? _place;
    private Strand? _strand;
    private bool _hasSlot;

    private GatedFrame(TaskSlots slots, Coroutine<T> given)
    {
        _slots = slots;
        _given = given;
    }

    internal override string Name => _given.Name;

    internal static Coroutine<T> Create(TaskSlots slots, Coroutine<T> given)
    {
        var frame = new GatedFrame<T>(slots, given);
        return new Coroutine<T>(frame, frame.Version);
    }

    protected override Frame<T>? Begin(Strand strand)
    {
        if (!_hasSlot && !_slots.TryTake())
        {
            _strand = strand;
            _place = _slots.Enqueue(this);
            return null;
        }

        try
        {
            return _given.TakeForTask();
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    protected override void Succeeded() => _slots.Release();

    protected override object? Failed(object? error)
    {
        // Anything that may yet count as a cancellation does not end the group.
        if (error is not null and not OperationCanceledException)
        {
            _slots.Close();
        }

        _slots.Release();
        return error;
    }

    void ISlotWaiter.Grant()
    {
        _hasSlot = true;
        _strand!.MakeReady();
    }

    bool ILeaf.TryCancel(CancelledException? error)
    {
        if (_hasSlot || Status == FrameStatus.Failed)
        {
            return false;
        }

        _slots.Remove(_place!);
        Fail(error);
        _strand!.MakeReady();
        return true;
    }

    bool ILeaf.CancelAfterWake(CancelledException? error)
    {
        if (Status != FrameStatus.Failed)
        {
            _slots.Release();
            Fail(error);
        }

        return true;
    }

    internal override void Release()
    {
        _given.Close(); // where it was not begun
        Version++;
    }
}
