namespace Asyncio.LowLevel;

/// <summary>A stream of bytes in both directions. The counterpart of <c>asyncio.Transport</c>.</summary>
/// <remarks>What comes is given to the <see cref="Protocol"/>; what is written is buffered and sent in the background.</remarks>
public abstract class Transport : BaseTransport
{
    // ---- reading ----------------------------------------------------------------------------------------------------

    /// <summary>True while it receives: neither paused nor closing. Asyncio: <c>is_reading()</c>.</summary>
    public abstract bool IsReading { get; }

    /// <summary>No data is given to the protocol until <see cref="ResumeReading"/>. Does nothing a second time. Asyncio: <c>pause_reading()</c>.</summary>
    public abstract void PauseReading();

    /// <summary>Receives again. Does nothing if it is not paused. Asyncio: <c>resume_reading()</c>.</summary>
    public abstract void ResumeReading();

    // ---- writing ----------------------------------------------------------------------------------------------------

    /// <summary>Sends the bytes, in order, in the background. They are copied before this returns. Never waits; after a loss of the connection it does nothing. Asyncio: <c>write()</c>.</summary>
    /// <exception cref="InvalidOperationException">After <see cref="WriteEof"/>.</exception>
    public abstract void Write(ReadOnlySpan<byte> data);

    /// <summary>Sends all pieces, in order. Asyncio: <c>writelines()</c>.</summary>
    /// <exception cref="InvalidOperationException">After <see cref="WriteEof"/>.</exception>
    public virtual void WriteLines(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        foreach (var piece in pieces)
        {
            Write(piece.Span);
        }
    }

    /// <summary>Ends the writing side when what was written is sent; the other side may go on. A pipe has no other side: it is closed. Asyncio: <c>write_eof()</c>.</summary>
    /// <exception cref="NotSupportedException">This transport can end both sides only, see <see cref="CanWriteEof"/>.</exception>
    public abstract void WriteEof();

    /// <summary>Whether <see cref="WriteEof"/> is possible. Asyncio: <c>can_write_eof()</c>.</summary>
    public abstract bool CanWriteEof { get; }

    /// <summary>How many bytes were written and are not known to be sent. Asyncio: <c>get_write_buffer_size()</c>.</summary>
    public abstract int GetWriteBufferSize();

    /// <summary>
    /// From how many unsent bytes on the protocol is paused, and at how many it is resumed. Without both: 64 KiB and a quarter of that;
    /// with one of them, the other is four times as much or a quarter. Asyncio: <c>set_write_buffer_limits()</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not <paramref name="high"/> ≥ <paramref name="low"/> ≥ 0.</exception>
    public abstract void SetWriteBufferLimits(int? high = null, int? low = null);

    /// <summary>The limits. Asyncio: <c>get_write_buffer_limits()</c>.</summary>
    public abstract (int Low, int High) GetWriteBufferLimits();

    /// <summary>For <see cref="EventLoop.Sendfile"/>: sends it behind what was written.</summary>
    internal virtual Coroutine<long> SendFile(EventLoop loop, FileSending file, bool fallback) =>
        throw new NotSupportedException($"sendfile is not supported for transport {this}");
}
