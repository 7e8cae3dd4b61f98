namespace Asyncio.Files;

/// <summary>Questions about a path, whatever stands there. The counterpart of <c>aiofiles.os.path</c>, as far as it concerns the disk.</summary>
public static class AsyncPath
{
    /// <summary>Whether there is something of that name: a file, a directory, a device. A link counts, also one that leads nowhere. Asyncio: <c>aiofiles.os.path.exists()</c>, <c>lexists()</c>.</summary>
    public static Coroutine<bool> ExistsAsync(string? path) => InThread.Call("AsyncPath.ExistsAsync", Path.Exists, path);
}
