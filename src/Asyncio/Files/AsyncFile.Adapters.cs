namespace Asyncio.Files;

// The same file for code of .NET.
public sealed partial class AsyncFile
{
    /// <summary>The file as a stream of .NET's, for code that asks for one: a serializer, <c>StreamContent</c>, <c>CopyToAsync</c>.</summary>
    /// <returns>
    /// A stream over the same position and buffer; operations of both take turns. What is awaited on the loop's thread goes on there; other threads may use
    /// it, too, at the price of a way to the loop and back. On the loop's thread what would block it is refused: <c>Read</c>, <c>Write</c>, and
    /// <c>Flush</c> and <c>Seek</c> with unwritten bytes in the buffer. Disposing of it closes the file.
    /// </returns>
    /// <exception cref="InvalidOperationException">No loop runs in this thread.</exception>
    public Stream AsStream() => new FileStreamAdapter(this, EventLoop.RequireRunning());

    /// <summary>Reads what is in the buffer. False: it has to be read first, or somebody else has the turn.</summary>
    internal bool TryReadNow(Span<byte> target, out int count)
    {
        if (!IsIdle || !_backend.CanRead || !_buffer.HasUnread)
        {
            count = 0;
            return false;
        }

        count = Take(target);
        return true;
    }

    /// <summary>Writes into the buffer. False: there is no room, or somebody else has the turn.</summary>
    internal bool TryWriteNow(ReadOnlySpan<byte> data)
    {
        if (!IsIdle || !_backend.CanWrite)
        {
            return false;
        }

        _buffer.DropUnread();
        if (!_buffer.TryAppend(data))
        {
            return false;
        }

        _position += data.Length;
        return true;
    }

    /// <summary>Moves the position, where that does not take a write. False: it does, or somebody else has the turn.</summary>
    internal bool TrySeekNow(long target)
    {
        if (!IsIdle || !_backend.CanSeek || _buffer.UnwrittenCount > 0)
        {
            return false;
        }

        MoveTo(target);
        return true;
    }

    /// <summary>Its length, from the system, at once: the one question to a disk that is asked on the loop's thread.</summary>
    internal long LengthNow()
    {
        RequireSeek();
        return LengthWithBuffer(_backend.LengthNow());
    }

    internal bool HasUnwritten => _buffer.UnwrittenCount > 0;

    private bool IsIdle => !_closing && !_turns.IsTaken;
}
