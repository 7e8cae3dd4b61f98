using System.Buffers;

namespace Asyncio.Files;

/// <summary>
/// The buffer of a file: either bytes that were read ahead, or bytes that are still to be written. The array is rented when first
/// needed. It grows where an operation needs more bytes at once than it holds, so that they are taken out only when all are there.
/// </summary>
internal sealed class FileBuffer(int capacity)
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    internal int Capacity => capacity;

    /// <summary>Read ahead and not taken yet.</summary>
    internal ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>To be written. The file's position is at its end.</summary>
    internal ReadOnlyMemory<byte> Unwritten => _bytes.AsMemory(0, UnwrittenCount);

    internal int UnwrittenCount { get; private set; }

    internal bool HasUnread => _end > _start;

    /// <summary>The bytes were taken.</summary>
    internal void Take(int count) => _start += count;

    /// <summary>Moves within what is read. False: the position is outside of it.</summary>
    internal bool TryMove(long distance)
    {
        if (distance < -_start || distance > _end - _start)
        {
            return false;
        }

        _start += (int)distance;
        return true;
    }

    /// <summary>Forgets what is read ahead: it is another position's, or may be no longer true.</summary>
    internal void DropUnread()
    {
        _start = 0;
        _end = 0;
        if (_bytes.Length > Math.Max(4 * capacity, AsyncFile.DefaultBufferSize))
        {
            Free(); // it had grown for one large operation
        }
    }

    /// <summary>Room to read into, after what is read ahead; <see cref="Filled"/> says how much has come.</summary>
    internal Memory<byte> Room(int size)
    {
        if (!HasUnread)
        {
            DropUnread();
        }

        if (_bytes.Length - _end < size)
        {
            MakeRoom(size);
        }

        return _bytes.AsMemory(_end, size);
    }

    internal void Filled(int count) => _end += count;

    /// <summary>Keeps the data for later if there is place for it.</summary>
    internal bool TryAppend(ReadOnlySpan<byte> data)
    {
        if (data.Length > capacity - UnwrittenCount)
        {
            return false;
        }

        if (_bytes.Length == 0)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(capacity);
        }

        data.CopyTo(_bytes.AsSpan(UnwrittenCount));
        UnwrittenCount += data.Length;
        return true;
    }

    /// <summary>The first of the bytes that were to be written have been.</summary>
    internal void Written(int count)
    {
        UnwrittenCount -= count;
        _bytes.AsSpan(count, UnwrittenCount).CopyTo(_bytes);
    }

    internal void Free()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _start = 0;
        _end = 0;
        UnwrittenCount = 0;
    }

    private void MakeRoom(int size)
    {
        var unread = Unread;
        var needed = checked(unread.Length + size);
        if (needed <= _bytes.Length)
        {
            unread.CopyTo(_bytes);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
            unread.CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = larger;
        }

        _end -= _start;
        _start = 0;
    }
}
