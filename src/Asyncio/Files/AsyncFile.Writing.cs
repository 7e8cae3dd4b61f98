namespace Asyncio.Files;

// Writing, and what moves the position or the end.
public sealed partial class AsyncFile
{
    /// <summary>Writes all of the data, or puts it into the buffer. Asyncio: <c>write()</c>.</summary>
    /// <param name="data">What to write; not to be changed until the await is over.</param>
    /// <exception cref="NotSupportedException">It was not opened for writing.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="IOException">The disk is full, or another error. The position has not moved; some of the bytes may have been written.</exception>
    public async Coroutine WriteAsync(ReadOnlyMemory<byte> data)
    {
        using var turn = await Enter(writes: true);
        _buffer.DropUnread();
        if (!_buffer.TryAppend(data.Span))
        {
            // Nothing of the data is in the buffer yet: cancelled here, none of it is written.
            await WriteBuffer();
            if (!_buffer.TryAppend(data.Span))
            {
                var written = await _backend.Write(data, _position);
                _position = written.Error is null ? written.End : throw written.Error;
                return;
            }
        }

        _position += data.Length;
    }

    /// <summary>Hands what is in the buffer to the operating system. Asyncio: <c>flush()</c>.</summary>
    /// <param name="toDisk">True: and waits until it is on the disk. Python: <c>os.fsync()</c>.</param>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="IOException">What could not be written stays in the buffer.</exception>
    public async Coroutine FlushAsync(bool toDisk = false)
    {
        using var turn = await Enter();
        await WriteBuffer();
        if (_backend.CanWrite)
        {
            await _backend.Flush(toDisk);
        }
    }

    /// <summary>Moves the position. Asyncio: <c>seek()</c>.</summary>
    /// <param name="offset">Where to, in bytes.</param>
    /// <param name="origin">From where that is counted.</param>
    /// <returns>The new position, from the start of the file.</returns>
    /// <exception cref="NotSupportedException">It cannot seek.</exception>
    /// <exception cref="IOException">That is before the start of the file.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Coroutine<long> SeekAsync(long offset, SeekOrigin origin = SeekOrigin.Begin)
    {
        using var turn = await Enter();
        RequireSeek();
        await WriteBuffer();
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => await _backend.GetLength(),
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "Begin, Current or End."),
        };
        MoveTo(target);
        return target;
    }

    /// <summary>Its length, with what is in the buffer. Asyncio: <c>os.fstat(file.fileno()).st_size</c>.</summary>
    /// <exception cref="NotSupportedException">It cannot seek.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Coroutine<long> GetLengthAsync()
    {
        using var turn = await Enter();
        RequireSeek();
        return LengthWithBuffer(await _backend.GetLength());
    }

    /// <summary>Cuts it, or fills it up with zeros. A position beyond the new end moves there, as <see cref="FileStream"/>'s. Asyncio: <c>truncate(length)</c>.</summary>
    /// <exception cref="NotSupportedException">It cannot seek, or was not opened for writing.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Coroutine SetLengthAsync(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using var turn = await Enter(writes: true);
        RequireSeek();
        await WriteBuffer();
        await SetLength(length);
        _position = Math.Min(_position, length);
    }

    /// <summary>Cuts it at its position. Asyncio: <c>truncate()</c>.</summary>
    /// <inheritdoc cref="SetLengthAsync"/>
    public async Coroutine TruncateAsync()
    {
        using var turn = await Enter(writes: true);
        RequireSeek();
        await WriteBuffer(); // which moves the position of a file that is appended to
        await SetLength(_position);
    }

    private long LengthWithBuffer(long length) =>
        _buffer.UnwrittenCount == 0 ? length
        : _backend.Appends ? length + _buffer.UnwrittenCount
        : Math.Max(length, _position);

    private void MoveTo(long target)
    {
        if (target < 0)
        {
            throw new IOException($"{this}: position {target} is before the start of the file.");
        }

        if (!_buffer.TryMove(target - _position))
        {
            _buffer.DropUnread();
        }

        _position = target;
    }

    private async Coroutine SetLength(long length)
    {
        _buffer.DropUnread();
        await _backend.SetLength(length);
    }

    private void RequireSeek()
    {
        if (!_backend.CanSeek)
        {
            throw new NotSupportedException($"{this} has neither position nor length.");
        }
    }

    /// <summary>Writes what is in the buffer. The position stays, but for a file that is appended to: there it is where the bytes came to stand.</summary>
    private async Coroutine WriteBuffer(bool mustRun = false)
    {
        if (_buffer.UnwrittenCount > 0)
        {
            var written = await _backend.Write(_buffer.Unwritten, _position - _buffer.UnwrittenCount, mustRun);
            _buffer.Written(written.Count);
            _position = written.Error is null ? written.End : throw written.Error;
        }
    }
}
