using System.Diagnostics;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>Reads bytes as they come. The counterpart of <c>asyncio.StreamReader</c>; from <c>Aio.OpenConnection</c> or a server.</summary>
/// <remarks>
/// <para>One read at a time. Cancelling a read loses nothing: what has come stays in the buffer for the next one.</para>
/// <para>Not thread-safe: only the loop's thread may touch it.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncStreamReader : IAsyncEnumerable<byte[]>
{
    /// <summary>How many bytes a line may have if nothing else is said: 64 KiB.</summary>
    public const int DefaultLimit = 64 * 1024;

    private StreamBuffer _buffer;
    private Separators? _separators; // of the last ReadUntilAsync: the next one is most often for the same
    private IReadWaiter? _waiter;
    private Exception? _exception;
    private Transport? _transport;
    private bool _ended;
    private bool _paused;

    /// <summary>A reader that is fed by hand, or by a <see cref="StreamReaderProtocol"/>.</summary>
    /// <param name="limit">How long a line, or what <see cref="ReadUntilAsync(ReadOnlySpan{byte})"/> gives, may be. If twice as much waits to be read, the transport is paused.</param>
    /// <param name="loop">Its loop; null is the running one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than one.</exception>
    /// <exception cref="InvalidOperationException">No loop is given and none runs in this thread.</exception>
    public AsyncStreamReader(int limit = DefaultLimit, EventLoop? loop = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        Limit = limit;
        Loop = loop ?? EventLoop.RequireRunning();
    }

    /// <summary>True if the end has come and all was read. Asyncio: <c>at_eof()</c>.</summary>
    public bool AtEof => _ended && _buffer.IsEmpty;

    /// <summary>What the stream failed with, null if it has not. Asyncio: <c>exception()</c>.</summary>
    public Exception? Exception() => _exception;

    /// <summary>Reads what is there, up to <paramref name="count"/> bytes, waiting if there is nothing. Asyncio: <c>read()</c>.</summary>
    /// <param name="count">At most how many; negative reads until the end of the stream.</param>
    /// <returns>At least one byte; none at the end of the stream, or if none was asked for.</returns>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Suspends only if nothing is there. What the stream failed with is thrown at the await.</remarks>
    public Coroutine<byte[]> ReadAsync(int count = -1) => ReadSomeLeaf.Create(this, count);

    /// <summary>Reads what is there into <paramref name="buffer"/>, waiting if there is nothing. Allocates nothing.</summary>
    /// <param name="buffer">The reader's until the await has ended.</param>
    /// <returns>How many bytes; zero at the end of the stream, or if there is no room for any.</returns>
    /// <inheritdoc cref="ReadAsync(int)"/>
    public Coroutine<int> ReadAsync(Memory<byte> buffer) => ReadIntoLeaf.Create(this, buffer);

    /// <summary>Reads exactly <paramref name="count"/> bytes, however many the limit is. Asyncio: <c>readexactly()</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="IncompleteReadException">The stream ended before (thrown at the await).</exception>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Suspends only if not enough is there. What the stream failed with is thrown at the await.</remarks>
    public Coroutine<byte[]> ReadExactlyAsync(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return ReadExactlyLeaf.Create(this, count);
    }

    /// <summary>Fills <paramref name="buffer"/>. Allocates nothing. Asyncio: <c>readexactly()</c>.</summary>
    /// <param name="buffer">The reader's until the await has ended.</param>
    /// <exception cref="IncompleteReadException">The stream ended before (thrown at the await).</exception>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Suspends only if not enough is there. Cancelled, it gives back what it has: the next read begins there.</remarks>
    public Coroutine ReadExactlyAsync(Memory<byte> buffer) => FillExactlyLeaf.Create(this, buffer);

    /// <summary>Reads a line with its newline. Asyncio: <c>readline()</c>.</summary>
    /// <returns>The line; the last one may lack the newline. Empty at the end of the stream.</returns>
    /// <exception cref="LimitOverrunException">
    /// The line is longer than the limit (thrown at the await); it has been dropped, or what has come of it: the rest is then the next line.
    /// To go on behind the whole of it, use <see cref="ReadUntilAsync()"/> and <see cref="SkipUntilAsync()"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Suspends only if no whole line is there. What the stream failed with is thrown at the await.</remarks>
    public Coroutine<byte[]> ReadLineAsync() => ReadLineLeaf.Create(this);

    /// <summary>Reads a line as UTF-8 text, without the <c>\n</c> or <c>\r\n</c> that ends it, as .NET's readers do.</summary>
    /// <returns>The line; null at the end of the stream.</returns>
    /// <inheritdoc cref="ReadLineAsync"/>
    public Coroutine<string?> ReadTextLineAsync() => ReadTextLineLeaf.Create(this);

    /// <summary>Reads up to the next newline, and with it. Asyncio: <c>readuntil()</c>.</summary>
    /// <inheritdoc cref="ReadUntilAsync(ReadOnlySpan{byte})"/>
    public Coroutine<byte[]> ReadUntilAsync() => ReadUntilLeaf.Create(this, Separators.Newline);

    /// <summary>Reads up to the separator, and with it. Asyncio: <c>readuntil()</c>.</summary>
    /// <param name="separator">One byte or more: <c>"\r\n"u8</c>.</param>
    /// <exception cref="ArgumentException">The separator is empty.</exception>
    /// <exception cref="LimitOverrunException">No separator within the limit (thrown at the await); everything stays in the buffer, see <see cref="SkipUntilAsync(ReadOnlySpan{byte})"/>.</exception>
    /// <exception cref="IncompleteReadException">The stream ended before (thrown at the await).</exception>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>Acts when awaited. Suspends only if no separator is there. What the stream failed with is thrown at the await.</remarks>
    public Coroutine<byte[]> ReadUntilAsync(ReadOnlySpan<byte> separator) => ReadUntilLeaf.Create(this, SeparatorsOf(separator));

    /// <summary>Reads up to whichever separator ends first, and with it. Asyncio: <c>readuntil((…, …))</c>.</summary>
    /// <exception cref="ArgumentException">There is no separator, or an empty one.</exception>
    /// <inheritdoc cref="ReadUntilAsync(ReadOnlySpan{byte})"/>
    /// <param name="separators">At least one.</param>
    public Coroutine<byte[]> ReadUntilAsync(IReadOnlyCollection<byte[]> separators)
    {
        ArgumentNullException.ThrowIfNull(separators);
        return ReadUntilLeaf.Create(this, new Separators(separators));
    }

    /// <summary>Drops everything up to the next newline, and with it, see <see cref="SkipUntilAsync(ReadOnlySpan{byte})"/>.</summary>
    /// <inheritdoc cref="SkipUntilAsync(ReadOnlySpan{byte})"/>
    public Coroutine<bool> SkipUntilAsync() => SkipUntilLeaf.Create(this, Separators.Newline);

    /// <summary>
    /// Drops everything up to the separator, and with it, however long that is: after a <see cref="LimitOverrunException"/> of
    /// <see cref="ReadUntilAsync(ReadOnlySpan{byte})"/> the next piece is behind it.
    /// </summary>
    /// <param name="separator">One byte or more.</param>
    /// <returns>False if the stream ended before.</returns>
    /// <exception cref="ArgumentException">The separator is empty.</exception>
    /// <exception cref="InvalidOperationException">Another read waits already (thrown at the await).</exception>
    /// <remarks>
    /// Acts when awaited. Suspends only if no separator is there. What the stream failed with is thrown at the await. Cancelled, it has dropped
    /// what had come, but for what may be the beginning of a separator: the same call again goes on.
    /// </remarks>
    public Coroutine<bool> SkipUntilAsync(ReadOnlySpan<byte> separator) => SkipUntilLeaf.Create(this, SeparatorsOf(separator));

    /// <summary>Drops everything up to whichever separator ends first, and with it, see <see cref="SkipUntilAsync(ReadOnlySpan{byte})"/>.</summary>
    /// <exception cref="ArgumentException">There is no separator, or an empty one.</exception>
    /// <inheritdoc cref="SkipUntilAsync(ReadOnlySpan{byte})"/>
    /// <param name="separators">At least one.</param>
    public Coroutine<bool> SkipUntilAsync(IReadOnlyCollection<byte[]> separators)
    {
        ArgumentNullException.ThrowIfNull(separators);
        return SkipUntilLeaf.Create(this, new Separators(separators));
    }

    /// <summary>The lines until the end of the stream, each with its newline: for <c>await foreach</c>. The reader itself can be used so, too. Asyncio: <c>async for line in reader</c>.</summary>
    /// <remarks>Acts when awaited; each step is a <see cref="ReadLineAsync"/>.</remarks>
    public AsyncStreamLines<byte[]> ReadLinesAsync() => new(this, static async reader => await reader.ReadLineAsync() is { Length: > 0 } line ? line : null);

    /// <summary>The lines until the end of the stream as UTF-8 text, without their newlines: for <c>await foreach</c>.</summary>
    /// <remarks>Acts when awaited; each step is a <see cref="ReadTextLineAsync"/>.</remarks>
    public AsyncStreamLines<string> ReadTextLinesAsync() => new(this, static reader => reader.ReadTextLineAsync());

    /// <summary>Begins to read lines. Used by <c>await foreach</c>.</summary>
    public AsyncStreamLines<byte[]>.Enumerator GetAsyncEnumerator() => ReadLinesAsync().GetAsyncEnumerator();

    IAsyncEnumerator<byte[]> IAsyncEnumerable<byte[]>.GetAsyncEnumerator(CancellationToken cancellationToken) => 
        ((IAsyncEnumerable<byte[]>)ReadLinesAsync()).GetAsyncEnumerator(cancellationToken);

    private Separators SeparatorsOf(ReadOnlySpan<byte> separator)
    {
        if (_separators is not { } separators || !separators.Is(separator))
        {
            _separators = separators = new Separators(separator);
        }

        return separators;
    }

    /// <summary>As asyncio's: <c>&lt;AsyncStreamReader 5 bytes eof limit=10 paused&gt;</c>.</summary>
    public override string ToString()
    {
        var bytes = _buffer.IsEmpty ? "" : $" {_buffer.Length} bytes";
        var limit = Limit == DefaultLimit ? "" : $" limit={Limit}";
        var exception = _exception is null ? "" : $" exception={_exception.GetType().Name}";
        var transport = _transport is null ? "" : $" transport={_transport}";
        return $"<AsyncStreamReader{bytes}{(_ended ? " eof" : "")}{limit}{(_waiter is null ? "" : " waiting")}{exception}{transport}{(_paused ? " paused" : "")}>";
    }
}
