namespace Asyncio.Files;

// Reading.
public sealed partial class AsyncFile
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>The most that is read ahead on the caller's word alone: a file may have far fewer bytes than were asked for.</summary>
    private const int LargestLeap = 16 * 1024 * 1024;

    /// <summary>Reads what there is, at most a buffer full; waits only for the first bytes. Asyncio: <c>readinto()</c>.</summary>
    /// <param name="buffer">Where to; not to be touched until the await is over.</param>
    /// <returns>How many bytes; zero at the end of the file.</returns>
    /// <exception cref="NotSupportedException">It was not opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Coroutine<int> ReadAsync(Memory<byte> buffer)
    {
        using var turn = await Enter(reads: true);
        if (buffer.Length == 0)
        {
            return 0;
        }

        await WriteBuffer();
        if (!_buffer.HasUnread)
        {
            if (buffer.Length >= _buffer.Capacity)
            {
                _buffer.DropUnread();
                var count = await _backend.Read(buffer, _position);
                _position += count;
                return count;
            }

            await Fill();
        }

        return Take(buffer.Span);
    }

    /// <summary>Reads <paramref name="count"/> bytes, fewer only if the file ends before. Asyncio: <c>read(n)</c>.</summary>
    /// <param name="count">How many at most.</param>
    /// <inheritdoc cref="ReadAsync(Memory{byte})"/>
    /// <returns>The bytes; none at the end of the file.</returns>
    public async Coroutine<byte[]> ReadAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var turn = await Enter(reads: true);
        await FillUpTo(count);
        return TakeArray(Math.Min(count, _buffer.Unread.Length));
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes. Asyncio: a stream's <c>readexactly()</c>.</summary>
    /// <param name="count">How many.</param>
    /// <inheritdoc cref="ReadAsync(Memory{byte})"/>
    /// <returns>The bytes.</returns>
    /// <exception cref="EndOfStreamException">There are not so many; nothing was read.</exception>
    public async Coroutine<byte[]> ReadExactlyAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var turn = await Enter(reads: true);
        return await FillUpTo(count)
            ? TakeArray(count)
            : throw new EndOfStreamException($"{this} ends after {_buffer.Unread.Length} of {count} bytes.");
    }

    /// <summary>Reads to the end of the file. Asyncio: <c>read()</c>.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte})"/>
    /// <returns>The bytes.</returns>
    public async Coroutine<byte[]> ReadAllAsync()
    {
        using var turn = await Enter(reads: true);
        await FillToEnd();
        return TakeArray(_buffer.Unread.Length);
    }

    /// <summary>Reads the lines that are left, each with the <c>\n</c> that ends it: all of them, or none if it is cancelled. Asyncio: <c>readlines()</c>.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<List<byte[]>> ReadAllLinesAsync()
    {
        using var turn = await Enter(reads: true);
        await FillToEnd();
        var lines = new List<byte[]>();
        while (_buffer.HasUnread)
        {
            var end = _buffer.Unread.IndexOf(LineFeed);
            lines.Add(TakeArray(end < 0 ? _buffer.Unread.Length : end + 1));
        }

        return lines;
    }

    /// <summary>The lines that are left, for <c>await foreach</c>. Asyncio: <c>async for line in file</c>.</summary>
    /// <param name="cancellationToken">Ends the enumeration before the next line.</param>
    public FileEnumerator<byte[]> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(new ByteLineCursor(this), cancellationToken);

    IAsyncEnumerator<byte[]> IAsyncEnumerable<byte[]>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    private async Coroutine FillToEnd()
    {
        await WriteBuffer();
        if (_backend.CanSeek)
        {
            // One byte more than there should be: the read that gives it also tells that this is the end.
            var left = await _backend.GetLength() - _position;
            await FillUpTo(left < Array.MaxLength ? (int)Math.Max(left + 1, 0) : throw new IOException($"{this}: {left} bytes are too many for one array."), leap: int.MaxValue);
        }

        while (await Fill(DefaultBufferSize) > 0)
        {
        }
    }

    /// <summary>Reads a line, with the <c>\n</c> that ends it. Asyncio: <c>readline()</c>.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte})"/>
    /// <returns>The bytes. Without <c>\n</c> only if the file ends so; none at the end of the file.</returns>
    public async Coroutine<byte[]> ReadLineAsync()
    {
        using var turn = await Enter(reads: true);
        await WriteBuffer();
        var searched = 0;
        while (true)
        {
            var unread = _buffer.Unread;
            var end = unread[searched..].IndexOf(LineFeed);
            if (end >= 0)
            {
                return TakeArray(searched + end + 1);
            }

            searched = unread.Length;
            if (await Fill() == 0)
            {
                return TakeArray(searched);
            }
        }
    }

    /// <summary>Shows the bytes that come next, and leaves them there. Asyncio: <c>peek(n)</c>.</summary>
    /// <param name="count">How many at most; fewer only if the file ends before.</param>
    /// <inheritdoc cref="ReadAsync(Memory{byte})"/>
    /// <returns>The bytes; none at the end of the file.</returns>
    public async Coroutine<byte[]> PeekAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var turn = await Enter(reads: true);
        await FillUpTo(count);
        return _buffer.Unread[..Math.Min(count, _buffer.Unread.Length)].ToArray();
    }

    /// <summary>Reads ahead for a text file. False: this is the end.</summary>
    internal async Coroutine<bool> ReadInto(TextBuffer text)
    {
        using var turn = await Enter(reads: true);
        await WriteBuffer();
        if (!_buffer.HasUnread)
        {
            await Fill();
        }

        var count = _buffer.Unread.Length;
        var goesOn = text.Decode(_buffer.Unread);
        _buffer.Take(count);
        _position += count;
        return goesOn;
    }

    /// <summary>Fills the buffer until it holds so many bytes. False: the file has fewer.</summary>
    private async Coroutine<bool> FillUpTo(int count, int leap = LargestLeap)
    {
        await WriteBuffer();
        while (_buffer.Unread.Length < count)
        {
            if (await Fill(Math.Min(count - _buffer.Unread.Length, leap)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads ahead, after what is there; the position stays, so that a cancellation between two of these loses nothing.</summary>
    private async Coroutine<int> Fill(int wanted = 1)
    {
        var room = _buffer.Room(Math.Max(wanted, Math.Max(_buffer.Capacity, 1)));
        var count = await _backend.Read(room, _position + _buffer.Unread.Length);
        _buffer.Filled(count);
        return count;
    }

    private int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, _buffer.Unread.Length);
        _buffer.Unread[..count].CopyTo(target);
        _buffer.Take(count);
        _position += count;
        return count;
    }

    private byte[] TakeArray(int count)
    {
        var bytes = _buffer.Unread[..count].ToArray();
        _buffer.Take(count);
        _position += count;
        return bytes;
    }
}
