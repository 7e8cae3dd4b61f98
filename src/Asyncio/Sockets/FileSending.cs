using System.Net.Sockets;
using System.Runtime.InteropServices;
using Asyncio.Files;
using Microsoft.Win32.SafeHandles;

namespace Asyncio;

/// <summary>
/// A file that is sent over a connection: by the kernel where it can, else by copying. How much was sent is known whatever happens, and is
/// where the file stands afterwards.
/// </summary>
internal sealed class FileSending
{
    /// <summary>In bytes, where it is copied.</summary>
    private const int Piece = 256 * 1024;

    private readonly Stream? _file;
    private readonly SafeFileHandle? _handle; // read at positions, if there is one
    private readonly long _offset;
    private readonly long _count;
    private readonly long _before;

    /// <exception cref="ArgumentException">It cannot be read, or cannot seek.</exception>
    internal FileSending(Stream file, long offset, long? count)
    {
        ArgumentNullException.ThrowIfNull(file);
        (_offset, _count) = Checked(offset, count);
        if (!file.CanRead || !file.CanSeek)
        {
            throw new ArgumentException("The file must be open, for reading, and able to seek.", nameof(file));
        }

        _file = file;
        _handle = (file as FileStream)?.SafeFileHandle;
        _before = file.Position;
    }

    /// <summary>A file of the system without a position.</summary>
    internal FileSending(SafeFileHandle file, long offset, long? count)
    {
        ArgumentNullException.ThrowIfNull(file);
        (_offset, _count) = Checked(offset, count);
        _handle = file;
    }

    /// <summary>In bytes.</summary>
    internal long Sent { get; private set; }

    private long Left => _count - Sent;

    /// <param name="fallback">True: what the kernel cannot send is copied.</param>
    internal async Coroutine<long> Through(EventLoop loop, Channel channel, bool fallback)
    {
        try
        {
            if (await TryThroughKernel(loop, channel) is { } obstacle)
            {
                if (!fallback)
                {
                    throw new SendfileNotAvailableException($"The kernel cannot send this file over this connection: {obstacle}. Without fallback: false it is copied.");
                }

                await Copy(loop, Piece, piece => SocketLeaf.CreateSend(channel, piece));
            }

            return Sent;
        }
        finally
        {
            MovePosition();
        }
    }

    /// <summary>For what is no plain socket.</summary>
    /// <param name="size">How much is read at a time.</param>
    /// <param name="send">Gives how much of the piece was sent, at least one byte.</param>
    internal async Coroutine<long> Through(EventLoop loop, int size, Func<Memory<byte>, Coroutine<int>> send)
    {
        try
        {
            await Copy(loop, size, send);
            return Sent;
        }
        finally
        {
            MovePosition();
        }
    }

    /// <summary>Null: it is sent. Else why the kernel cannot; then nothing was.</summary>
    private async Coroutine<string?> TryThroughKernel(EventLoop loop, Channel channel)
    {
        if ((_handle is null ? "it is no FileStream" : KernelSendfile.WhyNot(loop)) is { } obstacle)
        {
            return obstacle;
        }

        ObjectDisposedException.ThrowIf(channel.Handle.IsClosed, channel.Handle);
        Libc.SetNonBlocking((int)channel.Handle.DangerousGetHandle());
        while (Left > 0)
        {
            var (sent, error, atEnd) = await InThread.Call(
                "sendfile",
                static call => KernelSendfile.Send(call.Handle, call.File, call.Offset, call.Count),
                (channel.Handle, File: _handle!, Offset: _offset + Sent, Count: Left));
            Sent += sent;
            if (atEnd)
            {
                break;
            }

            if (error == Errno.EAGAIN)
            {
                await SocketLeaf.CreateWait(channel);
            }
            else if (Sent == 0 && KernelSendfile.IsRefusal(error))
            {
                return $"sendfile() gives \"{Marshal.GetPInvokeErrorMessage(error)}\"";
            }
            else if (error != 0)
            {
                throw error == Errno.EIO
                    ? new IOException($"The file could not be read: {Marshal.GetPInvokeErrorMessage(error)}")
                    : SocketErrors.Of(Errno.ToSocketError(error));
            }
        }

        return null;
    }

    private async Coroutine Copy(EventLoop loop, int size, Func<Memory<byte>, Coroutine<int>> send)
    {
        var buffer = loop.Buffers.Rent((int)Math.Min(size, Left));
        try
        {
            while (Left > 0)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(Math.Min(size, buffer.Length), Left));
                var read = await InThread.Call("reading a file to be sent", static call => call.self.Read(call.piece.Span), (self: this, piece));
                if (read == 0)
                {
                    break;
                }

                for (piece = piece[..read]; !piece.IsEmpty;)
                {
                    var sent = await send(piece);
                    Sent += sent;
                    piece = piece[sent..];
                }
            }
        }
        finally
        {
            loop.Buffers.Return(buffer);
        }
    }

    private int Read(Span<byte> piece)
    {
        if (_handle is not null)
        {
            return RandomAccess.Read(_handle, piece, _offset + Sent);
        }

        _file!.Position = _offset + Sent;
        return _file.Read(piece);
    }

    private void MovePosition()
    {
        if (_file is { CanSeek: true })
        {
            _file.Position = Sent > 0 ? _offset + Sent : _before;
        }
    }

    private static (long Offset, long Count) Checked(long offset, long? count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count ?? 1, nameof(count));
        return (offset, count ?? long.MaxValue);
    }
}
