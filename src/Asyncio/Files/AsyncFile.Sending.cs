namespace Asyncio.Files;

// Sent over a connection.
public sealed partial class AsyncFile
{
    /// <summary>Has it sent, with the file to itself; what was written to it goes to the system first. The position is behind what was sent, if anything was.</summary>
    internal async Coroutine<long> SendThrough(Func<FileSending, Coroutine<long>> send, long offset, long? count)
    {
        using var turn = await Enter(reads: true);
        RequireSeek();
        await WriteBuffer();
        var sending = new FileSending(SafeFileHandle, offset, count);
        try
        {
            return await send(sending);
        }
        finally
        {
            if (sending.Sent > 0)
            {
                _buffer.DropUnread();
                _position = offset + sending.Sent;
            }
        }
    }
}
