using System.Buffers;

namespace Asyncio.Files;

// Writing, and moving.
public sealed partial class AsyncTextFile
{
    private char? _heldBack; // the first half of a surrogate pair that a write ended with

    /// <summary>Writes text, or puts it into the buffer. Asyncio: <c>write()</c>.</summary>
    /// <param name="text">The text; null writes nothing.</param>
    /// <exception cref="InvalidOperationException">The file was read ahead of here; see the remarks of <see cref="AsyncTextFile"/>.</exception>
    /// <inheritdoc cref="AsyncFile.WriteAsync" path="/exception"/>
    public Coroutine WriteAsync(string? text) => Write(text.AsMemory(), "");

    /// <inheritdoc cref="WriteAsync(string?)"/>
    /// <param name="text">The text; not to be changed until the await is over.</param>
    public Coroutine WriteAsync(ReadOnlyMemory<char> text) => Write(text, "");

    /// <summary>Writes text and <see cref="NewLine"/>. Asyncio: <c>print(text, file=…)</c>, which aiofiles does not have.</summary>
    /// <inheritdoc cref="WriteAsync(string?)"/>
    public Coroutine WriteLineAsync(string? text = null) => Write(text.AsMemory(), NewLine);

    /// <summary>Writes each line and <see cref="NewLine"/> after it, all or none of them if it is cancelled. Asyncio: <c>writelines()</c>, which adds no line ends.</summary>
    /// <param name="lines">The lines; enumerated at the await.</param>
    /// <inheritdoc cref="WriteAsync(string?)" path="/exception"/>
    public async Coroutine WriteLinesAsync(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        await Write(string.Concat(lines.SelectMany(line => new[] { line, NewLine })).AsMemory(), "");
    }

    /// <inheritdoc cref="AsyncFile.FlushAsync"/>
    public async Coroutine FlushAsync(bool toDisk = false)
    {
        using var turn = await _turns.EnterAsync();
        await _file.FlushAsync(toDisk);
    }

    /// <summary>Moves the position; what was read ahead is dropped. Asyncio: <c>seek()</c>.</summary>
    /// <param name="offset">Where to, in bytes; a place where a character begins.</param>
    /// <inheritdoc cref="AsyncFile.SeekAsync"/>
    public async Coroutine<long> SeekAsync(long offset, SeekOrigin origin = SeekOrigin.Begin)
    {
        using var turn = await _turns.EnterAsync();
        if (origin == SeekOrigin.Current && offset != 0)
        {
            throw new NotSupportedException("Text is not counted in bytes: seek from the begin or the end, or by 0.");
        }

        if (origin == SeekOrigin.Current && _text.Unread.Length > 0)
        {
            throw new NotSupportedException("The file was read ahead: where in its bytes the next character stands is not known.");
        }

        var position = await _file.SeekAsync(offset, origin);
        _text.Reset(atStart: position == 0);
        _heldBack = null;
        return position;
    }

    /// <summary>Cuts the file, or fills it up with zero bytes. Asyncio: <c>truncate()</c>.</summary>
    /// <inheritdoc cref="AsyncFile.SetLengthAsync"/>
    public async Coroutine SetLengthAsync(long length)
    {
        using var turn = await _turns.EnterAsync();
        await _file.SetLengthAsync(length);
        _text.Reset(atStart: length == 0);
    }

    private async Coroutine Write(ReadOnlyMemory<char> text, string end)
    {
        using var turn = await _turns.EnterAsync();
        if (_text.Unread.Length > 0 && _file.CanSeek)
        {
            throw new InvalidOperationException($"{this} was read ahead of the place to write at; SeekAsync says where that is.");
        }

        var mark = await MarkToWrite();
        var held = text.Length + end.Length > 0 ? _heldBack : null; // nothing is no second half: it goes on waiting
        char? last = end.Length == 0 && text.Length > 0 && char.IsHighSurrogate(text.Span[^1]) ? text.Span[^1] : null;
        var length = (held is null ? 0 : 1) + text.Length + end.Length;
        var chars = ArrayPool<char>.Shared.Rent(length);
        var bytes = ArrayPool<byte>.Shared.Rent(mark.Length + Encoding.GetMaxByteCount(length));
        try
        {
            var count = 0;
            if (held is { } first)
            {
                chars[count++] = first;
            }

            text.Span.CopyTo(chars.AsSpan(count));
            end.CopyTo(chars.AsSpan(count + text.Length));
            mark.CopyTo(bytes, 0);
            count = mark.Length + Encoding.GetBytes(chars.AsSpan(0, last is null ? length : length - 1), bytes.AsSpan(mark.Length));
            await _file.WriteAsync(bytes.AsMemory(0, count));
            _heldBack = text.Length + end.Length > 0 ? last : _heldBack;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>A new file begins with the byte order mark of its encoding, if that has one.</summary>
    private async Coroutine<byte[]> MarkToWrite() =>
        Encoding.Preamble.Length > 0 && _file.CanSeek && _file.Position == 0 && await _file.GetLengthAsync() == 0 ? Encoding.GetPreamble() : [];
}
