namespace Asyncio;

/// <summary>A read up to a separator. The search goes on where it stopped, however small the pieces that come.</summary>
internal abstract class SearchLeaf<T> : ReadLeaf<T>
{
    protected Separators Separators = null!;
    private int _offset; // no separator begins before it
    private int _start;
    private int _end;

    protected sealed override bool HasEnough => TryFind() || IsTooLong || Reader.IsEnded;

    protected sealed override bool TryTake()
    {
        // The order is asyncio's: a separator in what has come counts also at the end of the stream, and also beyond the limit.
        if (TryFind())
        {
            if (_start > Reader.Limit)
            {
                throw TooLong("Separator is found, but chunk is longer than limit", _start);
            }

            Result = Convert(Reader.Peek(_end));
            Reader.Drop(_end);
            return true;
        }

        if (IsTooLong)
        {
            throw TooLong("Separator is not found, and chunk exceed the limit", _offset);
        }

        if (!Reader.IsEnded)
        {
            return false;
        }

        CompleteAtEnd();
        return true;
    }

    protected abstract T Convert(ReadOnlySpan<byte> data);

    protected abstract Exception TooLong(string message, int consumed);

    protected abstract void CompleteAtEnd();

    protected void Forget()
    {
        Waiter = null;
        Reader = null!;
        Result = default!;
        Separators = null!;
        _offset = _start = _end = 0;
    }

    private bool IsTooLong => _offset > Reader.Limit;

    private bool TryFind()
    {
        var data = Reader.Peek(Reader.Buffered);
        if (data.Length - _offset < Separators.Shortest)
        {
            return false;
        }

        if (Separators.TryFind(data, _offset, out _start, out _end))
        {
            return true;
        }

        _offset = Math.Max(0, data.Length + 1 - Separators.Longest);
        return false;
    }
}
