namespace Asyncio;

/// <summary>A read into the caller's memory: while it waits, bytes go there without a way over the buffer.</summary>
internal abstract class FillLeaf<T> : ReadLeaf<T>
{
    protected Memory<byte> Memory;
    protected int Filled;

    /// <summary>How many bytes end the wait.</summary>
    protected abstract int Needed { get; }

    protected sealed override bool HasEnough => Filled + Reader.Buffered >= Needed || Reader.IsEnded;

    protected sealed override int TakeDirectly(ReadOnlySpan<byte> data)
    {
        var count = Math.Min(data.Length, Memory.Length - Filled);
        data[..count].CopyTo(Memory.Span[Filled..]);
        Filled += count;
        return count;
    }

    protected sealed override bool TryTake()
    {
        if (Filled < Memory.Length && Reader.Buffered > 0)
        {
            Filled += Reader.TakeInto(Memory.Span[Filled..]);
        }

        if (Filled + Reader.Buffered >= Needed)
        {
            Complete();
            return true;
        }

        if (!Reader.IsEnded)
        {
            return false;
        }

        CompleteAtEnd();
        return true;
    }

    protected abstract void Complete();

    protected abstract void CompleteAtEnd();

    protected sealed override void PutBack()
    {
        Reader.PutBack(Memory.Span[..Filled]);
        Filled = 0;
    }

    protected void Forget()
    {
        Waiter = null;
        Reader = null!;
        Memory = default;
        Filled = 0;
    }
}
