namespace Asyncio.Files;

/// <summary>Memory, until there is too much of it: then a temporary file.</summary>
internal sealed class SpooledBackend(int maxSize, string? directory) : FileBackend
{
    private byte[] _bytes = [];
    private int _length;
    private FileBackend? _file;

    internal bool IsInMemory => _file is null;

    internal override bool CanRead => true;

    internal override bool CanWrite => true;

    internal override bool CanSeek => true;

    internal override bool MustBeClosed(int unwritten) => _file?.MustBeClosed(unwritten) == true;

    internal override Coroutine<int> Read(Memory<byte> buffer, long position)
    {
        if (_file is not null)
        {
            return _file.Read(buffer, position);
        }

        var count = (int)Math.Clamp(_length - position, 0, buffer.Length);
        _bytes.AsSpan((int)Math.Min(position, _length), count).CopyTo(buffer.Span);
        return Coroutine.FromResult(count);
    }

    internal override async Coroutine<Written> Write(ReadOnlyMemory<byte> data, long position, bool mustRun)
    {
        if (_file is null && position + data.Length > maxSize)
        {
            await RollOver(mustRun);
        }

        if (_file is not null)
        {
            return await _file.Write(data, position, mustRun);
        }

        Resize(Math.Max(_length, (int)position + data.Length));
        data.Span.CopyTo(_bytes.AsSpan((int)position));
        return new Written(position + data.Length, data.Length);
    }

    internal override Coroutine<long> GetLength() => _file?.GetLength() ?? Coroutine.FromResult((long)_length);

    internal override long LengthNow() => _file?.LengthNow() ?? _length;

    internal override async Coroutine SetLength(long length)
    {
        if (_file is null && length > maxSize)
        {
            await RollOver();
        }

        if (_file is not null)
        {
            await _file.SetLength(length);
            return;
        }

        Resize((int)length);
    }

    internal override Coroutine Flush(bool toDisk) => _file?.Flush(toDisk) ?? Coroutine.Completed;

    internal override Coroutine Close() => _file?.Close() ?? Coroutine.Completed;

    /// <summary>To a file, with what is there. Made and filled in one call: a cancellation between the two would leave a file behind.</summary>
    private async Coroutine RollOver(bool mustRun = false)
    {
        _file = await InThread.Call(
            "moving a spooled file to disk",
            static call =>
            {
                var file = TemporaryNames.OpenUnnamed(call.directory);
                try
                {
                    RandomAccess.Write(file, call.content.Span, 0);
                    return new HandleBackend(file, FileAccess.ReadWrite, TemporaryNames.Unnamed);
                }
                catch
                {
                    file.Dispose();
                    throw;
                }
            },
            (directory, content: (ReadOnlyMemory<byte>)_bytes.AsMemory(0, _length)),
            mustRun);
        _bytes = [];
        _length = 0;
    }

    private void Resize(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }
        else if (length < _length)
        {
            _bytes.AsSpan(length, _length - length).Clear(); // growing again shows zeros
        }

        _length = length;
    }
}
