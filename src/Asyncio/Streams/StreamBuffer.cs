namespace Asyncio;

/// <summary>Bytes that have come and not been read: one array of the loop's, held only while there are any.</summary>
internal struct StreamBuffer
{
    private byte[]? _array;
    private int _start;
    private int _end;

    internal readonly int Length => _end - _start;

    internal readonly bool IsEmpty => _end == _start;

    internal readonly ReadOnlySpan<byte> Span => _array.AsSpan(_start, _end - _start);

    internal void Append(ReadOnlySpan<byte> data, BufferPool pool)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (_array is null || data.Length > _array.Length - _end)
        {
            MakeRoom(before: 0, data.Length, pool);
        }

        data.CopyTo(_array.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>Puts bytes back that were taken out too early.</summary>
    internal void Prepend(ReadOnlySpan<byte> data, BufferPool pool)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (_array is null || data.Length > _start)
        {
            MakeRoom(data.Length, after: 0, pool);
        }

        _start -= data.Length;
        data.CopyTo(_array.AsSpan(_start));
    }

    /// <summary>Takes out as much as there is and fits; gives how much.</summary>
    internal int TakeInto(Span<byte> target, BufferPool pool)
    {
        var count = Math.Min(target.Length, Length);
        _array.AsSpan(_start, count).CopyTo(target);
        Drop(count, pool);
        return count;
    }

    internal byte[] Take(int count, BufferPool pool)
    {
        var data = Span[..count].ToArray();
        Drop(count, pool);
        return data;
    }

    internal void Drop(int count, BufferPool pool)
    {
        _start += count;
        if (_start != _end)
        {
            return;
        }

        _start = _end = 0;
        if (_array is { } array)
        {
            _array = null;
            pool.Return(array);
        }
    }

    // What is left moves within the array while it fills at most half of it: so each byte moves a bounded number of times on average.
    private void MakeRoom(int before, int after, BufferPool pool)
    {
        var length = Length;
        var needed = checked(before + length + after);
        var old = _array;
        var array = old;
        if (old is null || needed > old.Length || length > old.Length / 2)
        {
            var doubled = (int)Math.Min(Array.MaxLength, 2L * length);
            array = pool.Rent(Math.Max(needed, doubled));
        }

        old.AsSpan(_start, length).CopyTo(array.AsSpan(before));
        _array = array;
        _start = before;
        _end = before + length;
        if (old is not null && !ReferenceEquals(old, array))
        {
            pool.Return(old);
        }
    }
}
