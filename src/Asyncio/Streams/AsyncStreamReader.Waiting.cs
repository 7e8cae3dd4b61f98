namespace Asyncio;

// For the reads: see ReadLeaf.
public sealed partial class AsyncStreamReader
{
    internal EventLoop Loop { get; }

    internal int Limit { get; }

    internal int Buffered => _buffer.Length;

    /// <summary>The end has been fed; there may be something to read.</summary>
    internal bool IsEnded => _ended;

    /// <summary>A read begun now would most likely not wait.</summary>
    internal bool HasNews => !_buffer.IsEmpty || _ended || _exception is not null;

    internal ReadOnlySpan<byte> Peek(int count) => _buffer.Span[..count];

    internal byte[] Take(int atMost)
    {
        var count = Math.Min(atMost, _buffer.Length);
        if (count == 0)
        {
            return [];
        }

        var data = _buffer.Take(count, Loop.Buffers);
        ResumeIfDrained();
        return data;
    }

    internal int TakeInto(Span<byte> target)
    {
        var count = _buffer.TakeInto(target, Loop.Buffers);
        ResumeIfDrained();
        return count;
    }

    internal void Drop(int count)
    {
        _buffer.Drop(count, Loop.Buffers);
        ResumeIfDrained();
    }

    internal void PutBack(ReadOnlySpan<byte> data) => _buffer.Prepend(data, Loop.Buffers);

    /// <summary>May a read begin?</summary>
    internal void CheckRead(EventLoop loop, string call)
    {
        if (!ReferenceEquals(loop, Loop))
        {
            throw new InvalidOperationException($"{call}() was awaited on a loop that is not the stream's.");
        }

        if (_waiter is not null)
        {
            throw new InvalidOperationException($"{call}() called while another coroutine is already waiting for incoming data");
        }

        if (_exception is not null)
        {
            throw _exception;
        }
    }

    /// <summary>To wait for what a paused transport does not deliver would be for ever; and more than the buffer's bounds may be needed. True: it was paused.</summary>
    internal bool ResumeForWait()
    {
        if (!_paused)
        {
            return false;
        }

        Resume();
        return true;
    }

    internal void BeginWait(IReadWaiter waiter) => _waiter = waiter;

    internal void EndWait() => _waiter = null;
}
