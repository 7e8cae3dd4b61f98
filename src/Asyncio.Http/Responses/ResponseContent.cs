using System.Text;

namespace Asyncio.Http;

/// <summary>The body of an answer as it comes. Each byte is given once; what is left when the answer is disposed of is dropped. Aiohttp: <c>response.content</c>.</summary>
/// <remarks>
/// Reading waits for the server, under the limits of the request (<see cref="ClientTimeout.Read"/> for each read, <see cref="ClientTimeout.Total"/> for all). A
/// read that is cancelled or struck by a limit ends the connection. One reader at a time; not thread-safe.
/// </remarks>
public sealed class ResponseContent : IAsyncEnumerable<byte[]>
{
    private const int PieceSize = 16_384;

    private readonly ClientResponse _response;
    private readonly Exchange _exchange;
    private readonly Stream _stream;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _received;
    private bool _atEnd;
    private bool _reads;

    internal ResponseContent(ClientResponse response, Exchange exchange, Stream stream)
    {
        _response = response;
        _exchange = exchange;
        _stream = stream;
    }

    /// <summary>True when the last byte was given.</summary>
    public bool AtEof => _atEnd && _start == _end;

    /// <summary>Waits until there is something and gives what is there, at most a buffer full.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="ClientPayloadException">The body ended too soon, or is malformed.</exception>
    /// <exception cref="ClientTimeoutException">A limit struck.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way, or the answer was disposed of.</exception>
    public async Coroutine<int> ReadAsync(Memory<byte> buffer)
    {
        if (_start < _end)
        {
            var count = Math.Min(buffer.Length, _end - _start);
            _buffer.AsMemory(_start, count).CopyTo(buffer);
            _start += count;
            return count;
        }

        return await FetchAsync(buffer);
    }

    /// <summary>As <see cref="ReadAsync(Memory{byte})"/>, in a new array.</summary>
    /// <param name="count">The most bytes to give; -1 reads to the end, however much that is.</param>
    public async Coroutine<byte[]> ReadAsync(int count = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, -1);
        if (count < 0)
        {
            return await ReadToEndAsync(long.MaxValue);
        }

        var buffer = new byte[Math.Min(count, Math.Max(PieceSize, _end - _start))];
        return buffer[..await ReadAsync(buffer)];
    }

    /// <summary>Reads exactly so many bytes.</summary>
    /// <exception cref="IncompleteReadException">The body ended before; what was read is in the exception.</exception>
    public async Coroutine<byte[]> ReadExactlyAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var buffer = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var got = await ReadAsync(buffer.AsMemory(filled));
            filled += got > 0 ? got : throw new IncompleteReadException(buffer[..filled], count);
        }

        return buffer;
    }

    /// <summary>Reads a line, its end included; the rest of the body if there is no line end; nothing at the end.</summary>
    /// <exception cref="LimitOverrunException">The line is longer than <see cref="ClientSessionOptions.MaxBodySize"/>.</exception>
    public async Coroutine<byte[]> ReadLineAsync()
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0 || _atEnd)
            {
                var line = _buffer[_start..(found >= 0 ? _start + searched + found + 1 : _end)];
                _start += line.Length;
                return line;
            }

            searched = _end - _start;
            if (searched > _response.MaxBodySize)
            {
                throw new LimitOverrunException($"{_response.Method} {_response.Url}: a line is longer than {_response.MaxBodySize:N0} bytes.", searched);
            }

            MakeRoom();
            _end += await FetchAsync(_buffer.AsMemory(_end));
        }
    }

    /// <summary>The lines as text, without their ends, as they come.</summary>
    /// <param name="encoding">How they are encoded; null takes what the answer says, or UTF-8.</param>
    public async IAsyncEnumerable<string> ReadTextLinesAsync(Encoding? encoding = null)
    {
        encoding ??= _response.Encoding;
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var length = line.Length;
            if (line[length - 1] == '\n')
            {
                length -= length > 1 && line[length - 2] == '\r' ? 2 : 1;
            }

            yield return encoding.GetString(line, 0, length);
        }
    }

    /// <summary>Pieces of just this size, the last one excepted. Aiohttp: <c>iter_chunked(n)</c>.</summary>
    public async IAsyncEnumerable<byte[]> ReadChunksAsync(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        while (true)
        {
            var piece = new byte[size];
            var filled = 0;
            while (filled < size && await ReadAsync(piece.AsMemory(filled)) is var got and > 0)
            {
                filled += got;
            }

            if (filled > 0)
            {
                yield return filled == size ? piece : piece[..filled];
            }

            if (filled < size)
            {
                yield break;
            }
        }
    }

    /// <summary>Pieces as they come. Aiohttp: <c>iter_any()</c>.</summary>
    public async IAsyncEnumerator<byte[]> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(PieceSize) is { Length: > 0 } piece)
        {
            yield return piece;
        }
    }

    /// <summary>All that is left.</summary>
    internal Coroutine<byte[]> ReadToEndAsync(long limit) => ReadGuardedAsync(() => CollectAsync(limit));

    private async Coroutine<byte[]> CollectAsync(long limit)
    {
        var kept = _end - _start;
        var known = _response.ContentLength ?? PieceSize;
        if (_response.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var body = new byte[(int)Math.Min(Array.MaxLength, Math.Max(kept, Math.Min(known, 1 << 20)))];
        _buffer.AsSpan(_start, kept).CopyTo(body);
        _start = _end;
        for (var filled = kept; ;)
        {
            if (_atEnd || _received == _response.ContentLength)
            {
                _atEnd = true;
                _response.BodyEnded();
                return filled == body.Length ? body : body[..filled];
            }

            if (filled == body.Length)
            {
                Array.Resize(ref body, (int)Math.Min(Array.MaxLength, 2L * body.Length));
            }

            filled += await ReadStreamAsync(body.AsMemory(filled));
            if (filled > limit)
            {
                throw TooLarge(limit);
            }
        }
    }

    private async Coroutine<int> FetchAsync(Memory<byte> buffer)
    {
        if (_atEnd || buffer.IsEmpty)
        {
            return 0;
        }

        return await ReadGuardedAsync(() => ReadStreamAsync(buffer));
    }

    private async Coroutine<int> ReadStreamAsync(Memory<byte> buffer)
    {
        var got = await _stream.ReadAsync(buffer, Aio.CancellationToken);
        _exchange.Watch?.NoteProgress();
        _received += got;
        if (got == 0)
        {
            _atEnd = true;
            _response.BodyEnded();
        }

        return got;
    }

    /// <summary>One read at a time, under the limits; one that fails ends the connection.</summary>
    private async Coroutine<T> ReadGuardedAsync<T>(Func<Coroutine<T>> read)
    {
        _response.ThrowIfClosed();
        if (_reads)
        {
            throw new InvalidOperationException($"{_response.Method} {_response.Url}: another read of the body is under way.");
        }

        _reads = true;
        try
        {
            return await _exchange.Guard(_exchange.Request.Deadline, read);
        }
        catch (Exception e)
        {
            _response.Close();
            if (ClientErrors.OfReading(_exchange.Request, e) is { } error)
            {
                throw error;
            }

            throw;
        }
        finally
        {
            _reads = false;
        }
    }

    private ClientPayloadException TooLarge(long limit) =>
        new($"{_response.Method} {_response.Url}: the body is larger than {limit:N0} bytes (MaxBodySize); raise that, or read it as a stream (Content).")
        {
            Method = _response.Method,
            Url = _response.Url,
        };

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(PieceSize, 2 * _buffer.Length));
        }
    }
}
