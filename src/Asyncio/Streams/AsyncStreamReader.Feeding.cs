using Asyncio.LowLevel;

namespace Asyncio;

// Where the bytes come from.
public sealed partial class AsyncStreamReader
{
    /// <summary>Bytes have come. Does not suspend. Asyncio: <c>feed_data()</c>.</summary>
    /// <param name="data">They are copied.</param>
    /// <exception cref="InvalidOperationException">After <see cref="FeedEof"/>.</exception>
    public void FeedData(ReadOnlySpan<byte> data)
    {
        if (_ended)
        {
            throw new InvalidOperationException("FeedData after FeedEof");
        }

        if (data.IsEmpty)
        {
            return;
        }

        if (_waiter is { } waiter)
        {
            if (_buffer.IsEmpty)
            {
                data = data[waiter.Take(data)..];
            }

            _buffer.Append(data, Loop.Buffers);
            waiter.Look();
        }
        else
        {
            _buffer.Append(data, Loop.Buffers);
        }

        PauseIfFull();
    }

    /// <summary>No more will come. Does not suspend. Asyncio: <c>feed_eof()</c>.</summary>
    public void FeedEof()
    {
        _ended = true;
        _waiter?.Look();
    }

    /// <summary>The stream has failed: who waits and every later read throws this, also if something is still unread. Does not suspend. Asyncio: <c>set_exception()</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public void SetException(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        _exception = error;
        if (_waiter is { WantsMore: true } waiter)
        {
            _waiter = null;
            waiter.Fail(error);
        }
    }

    /// <summary>Where the bytes come from: paused when too many wait to be read. Asyncio: <c>set_transport()</c>.</summary>
    /// <exception cref="InvalidOperationException">It has one already.</exception>
    public void SetTransport(Transport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (_transport is not null)
        {
            throw new InvalidOperationException("Transport already set");
        }

        _transport = transport;
    }

    /// <summary>After an upgrade of the connection.</summary>
    internal void ReplaceTransport(Transport transport)
    {
        _transport = transport;
        _paused = false;
    }

    /// <summary>Takes everything out of the buffer, for an upgrade of the connection: it belongs to the layer below.</summary>
    internal byte[] TakeForUpgrade()
    {
        if (_waiter is not null)
        {
            throw new InvalidOperationException("The connection cannot be upgraded while a read waits.");
        }

        return _buffer.IsEmpty ? [] : _buffer.Take(_buffer.Length, Loop.Buffers);
    }

    private void PauseIfFull()
    {
        if (_transport is null || _paused || _buffer.Length <= 2L * Limit || _waiter is { WantsMore: true })
        {
            return;
        }

        try
        {
            _transport.PauseReading();
            _paused = true;
        }
        catch (NotSupportedException)
        {
            _transport = null; // it cannot be paused: all is kept, and it is not asked again
        }
    }

    private void ResumeIfDrained()
    {
        if (_paused && _buffer.Length <= Limit)
        {
            Resume();
        }
    }

    private void Resume()
    {
        _paused = false;
        _transport!.ResumeReading();
    }
}
