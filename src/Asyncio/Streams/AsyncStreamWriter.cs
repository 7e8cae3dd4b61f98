using System.Buffers;
using System.Diagnostics;
using System.Text;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Writes bytes, in the background. The counterpart of <c>asyncio.StreamWriter</c>; from <c>Aio.OpenConnection</c> or a server.</summary>
/// <remarks>
/// <para><c>writer.Write(data); await writer.DrainAsync();</c>: the second line holds up who writes faster than the peer reads.</para>
/// <para>Not thread-safe: only the loop's thread may touch it. One that is dropped without being closed is closed by the garbage collector, and reported.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncStreamWriter : IAsyncDisposable
{
    private readonly StreamReaderProtocol _protocol;
    private readonly AsyncStreamReader? _reader;
    private readonly EventLoop _loop;
    private Transport _transport;

    /// <summary>Writes to a transport.</summary>
    /// <param name="transport">Where to.</param>
    /// <param name="protocol">Of the transport: it knows when to hold up who writes.</param>
    /// <param name="reader">Its failure is thrown by <see cref="DrainAsync"/>; null if there is none.</param>
    public AsyncStreamWriter(Transport transport, StreamReaderProtocol protocol, AsyncStreamReader? reader = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(protocol);
        _transport = transport;
        _protocol = protocol;
        _reader = reader;
        _loop = protocol.Reader.Loop;
    }

    /// <summary>What it writes to.</summary>
    public Transport Transport => _transport;

    /// <summary>True from <see cref="Close"/> or the loss of the connection on. Asyncio: <c>is_closing()</c>.</summary>
    public bool IsClosing => _transport.IsClosing;

    /// <summary>Whether <see cref="WriteEof"/> is possible. Asyncio: <c>can_write_eof()</c>.</summary>
    public bool CanWriteEof => _transport.CanWriteEof;

    /// <summary>Sends the bytes in the background, in order; they are copied. Does not suspend. Asyncio: <c>write()</c>.</summary>
    /// <exception cref="InvalidOperationException">After <see cref="WriteEof"/>.</exception>
    public void Write(ReadOnlySpan<byte> data) => _transport.Write(data);

    /// <summary>Sends the text as UTF-8.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = _loop.Buffers.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            _transport.Write(buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer)));
        }
        finally
        {
            _loop.Buffers.Return(buffer);
        }
    }

    /// <summary>Sends all pieces, one after the other; no newlines are added. Does not suspend. Asyncio: <c>writelines()</c>.</summary>
    /// <exception cref="InvalidOperationException">After <see cref="WriteEof"/>.</exception>
    public void WriteLines(IEnumerable<ReadOnlyMemory<byte>> pieces) => _transport.WriteLines(pieces);

    /// <inheritdoc cref="WriteLines(IEnumerable{ReadOnlyMemory{byte}})"/>
    public void WriteLines(IEnumerable<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        _transport.WriteLines(pieces.Select(static piece => new ReadOnlyMemory<byte>(piece)));
    }

    /// <summary>Ends this direction when all that was written is sent; reading goes on. Does not suspend. Asyncio: <c>write_eof()</c>.</summary>
    /// <exception cref="NotSupportedException">See <see cref="CanWriteEof"/>; TLS cannot.</exception>
    public void WriteEof() => _transport.WriteEof();

    /// <summary>Waits until the peer has taken enough of what was written to write on. Asyncio: <c>drain()</c>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection is lost (thrown at the await); or whatever else the reader has failed with.</exception>
    /// <remarks>Suspends only if too much is unsent, or to let a loss be told if the writer is closing. Any number may wait. Cancelling the wait changes nothing.</remarks>
    public Coroutine DrainAsync() =>
        _protocol.MayWrite && _reader?.Exception() is null && !_transport.IsClosing ? Coroutine.Completed : Draining();

    /// <summary>Ends the connection at once: what is not sent yet is dropped. Asyncio: <c>transport.abort()</c>.</summary>
    public void Abort() => _transport.Abort();

    /// <summary>Closes the connection when all that was written is sent. Does not wait for it; does nothing a second time. Asyncio: <c>close()</c>.</summary>
    public void Close()
    {
        _transport.Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits until the connection is closed. Asyncio: <c>wait_closed()</c>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection was lost instead (thrown at the await); or whatever else it has failed with.</exception>
    /// <remarks>Suspends unless it is closed already. Cancelling the wait changes nothing.</remarks>
    public Coroutine WaitClosedAsync() => _protocol.WaitClosed();

    /// <summary>Closes the connection and waits: until all that was written is sent, and the connection is gone.</summary>
    /// <inheritdoc cref="WaitClosedAsync"/>
    public Coroutine CloseAsync()
    {
        Close();
        return _protocol.WaitClosed();
    }

    /// <summary>As <see cref="CloseAsync()"/>, but not for longer than some time: then the connection is ended, and what the peer has not taken is dropped.</summary>
    /// <param name="seconds">How much time it has; zero or less is none.</param>
    /// <returns>True if all was sent and the connection closed in order; false if it was ended.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The connection was lost (thrown at the await); or whatever else it has failed with.</exception>
    /// <remarks>Suspends unless it is closed already. Cancelled, it no longer waits; the time limit stays in force.</remarks>
    public async Coroutine<bool> CloseAsync(double seconds)
    {
        Durations.Delay(seconds);
        Close();
        var ended = false;
        var limit = _loop.CallLater(seconds, () =>
        {
            ended = true;
            Abort();
        });
        try
        {
            await _protocol.WaitClosed();
        }
        catch (Exception e) when (e is not CancelledException)
        {
            limit.Cancel();
            throw;
        }

        limit.Cancel();
        return !ended;
    }

    /// <inheritdoc cref="CloseAsync(double)"/>
    /// <param name="limit">How much time it has; <see cref="Timeout.InfiniteTimeSpan"/> is without limit.</param>
    public Coroutine<bool> CloseAsync(TimeSpan limit) => CloseAsync(Durations.Limit(limit));

    /// <summary>As <see cref="CloseAsync()"/>, but a lost connection is no error here: it is gone, as was wanted. Used by <c>await using</c>.</summary>
    public async Coroutine DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            // Whoever wants to know awaits CloseAsync.
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>What is known of the connection, as <see cref="BaseTransport.GetExtraInfo(string)"/>; with TLS also <c>"sslobject"</c>, <c>"peercert"</c>, <c>"cipher"</c> and <c>"alpn"</c>. Asyncio: <c>get_extra_info()</c>.</summary>
    public object? GetExtraInfo(string name) => _transport.GetExtraInfo(name);

    /// <inheritdoc cref="BaseTransport.GetExtraInfo{T}(string, T)"/>
    public T? GetExtraInfo<T>(string name, T? fallback = default) => _transport.GetExtraInfo(name, fallback);

    /// <summary>As asyncio's: <c>&lt;AsyncStreamWriter transport=… reader=…&gt;</c>.</summary>
    public override string ToString() => $"<AsyncStreamWriter transport={_transport}{(_reader is null ? "" : $" reader={_reader}")}>";

    private async Coroutine Draining()
    {
        if (_reader?.Exception() is { } error)
        {
            throw error;
        }

        if (_transport.IsClosing)
        {
            // The loss of the connection is told in the next iteration: who writes in a loop must get to see it.
            await Aio.Yield();
        }

        await _protocol.WaitWritable();
    }
}
