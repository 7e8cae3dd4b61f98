using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>Bytes in a rented buffer that grows at its end. Without content it holds no buffer.</summary>
internal struct PooledBytes
{
    private byte[]? _buffer;

    internal int Length { get; private set; }

    internal readonly bool IsEmpty => Length == 0;

    internal readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    internal readonly Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_buffer, 0, Length);

    internal void Append(BufferPool pool, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        var length = checked(Length + data.Length);
        if (_buffer is null)
        {
            _buffer = pool.Rent(length);
        }
        else if (length > _buffer.Length)
        {
            Grow(pool, length);
        }

        data.CopyTo(_buffer.AsSpan(Length));
        Length = length;
    }

    internal void Clear(BufferPool pool)
    {
        if (_buffer is not null)
        {
            pool.Return(_buffer);
        }

        this = default;
    }

    private void Grow(BufferPool pool, int length)
    {
        var larger = pool.Rent((int)Math.Min(Math.Max(length, _buffer!.Length * 2L), Array.MaxLength));
        Span.CopyTo(larger);
        pool.Return(_buffer);
        _buffer = larger;
    }
}
