using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>A bounded stack of free frames. Each frame type keeps one per thread, in a thread-static field: no lock, no interlocked operation.</summary>
internal struct FramePool
{
    /// <summary>How many free frames of one type a thread keeps: ten thousand live tasks of one kind are usual in a server, and cost some 2 MB here.</summary>
    private const int Limit = 16_384;

    // A struct around the reference: storing into an array of a class type would check for covariance each time.
    private struct Slot
    {
        internal Frame? Frame;
    }

    private Slot[]? _free;
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame? Rent()
    {
        var count = _count - 1;
        var free = _free;
        if (free is null || (uint)count >= (uint)free.Length)
        {
            return null;
        }

        _count = count;
        ref var slot = ref free[count];
        var frame = slot.Frame;
        slot.Frame = null;
        return frame;
    }

    /// <summary>Takes a frame back: its version moves on, so that handles to it are stale from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Renew();
        var free = _free;
        var count = _count;
        if (free is null || (uint)count >= (uint)free.Length)
        {
            free = Grow();
            if (free is null)
            {
                return;
            }
        }

        free[count].Frame = frame;
        _count = count + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Slot[]? Grow()
    {
        if (_free is null)
        {
            return _free = new Slot[16];
        }

        if (_free.Length >= Limit)
        {
            return null;
        }

        Array.Resize(ref _free, _free.Length * 2);
        return _free;
    }
}
