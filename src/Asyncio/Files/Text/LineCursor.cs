namespace Asyncio.Files;

/// <summary>The lines of an open file, from where it stands.</summary>
internal sealed class LineCursor(AsyncTextFile file) : FileCursor<string>
{
    internal override async Coroutine<bool> MoveNext()
    {
        if (await file.ReadLineAsync() is not { } line)
        {
            return false;
        }

        Current = line;
        return true;
    }
}
