namespace Asyncio.Files;

/// <summary>The lines of an open file of bytes, from where it stands.</summary>
internal sealed class ByteLineCursor(AsyncFile file) : FileCursor<byte[]>
{
    internal override async Coroutine<bool> MoveNext()
    {
        var line = await file.ReadLineAsync();
        if (line.Length == 0)
        {
            return false;
        }

        Current = line;
        return true;
    }
}
