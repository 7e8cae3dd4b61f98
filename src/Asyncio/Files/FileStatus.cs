namespace Asyncio.Files;

/// <summary>What the system knew of a file or a directory when it was asked. The counterpart of <c>os.stat_result</c>; unlike <see cref="FileInfo"/> it never asks again.</summary>
/// <param name="Path">As it was given.</param>
/// <param name="Length">In bytes; zero for a directory. Asyncio: <c>st_size</c>.</param>
/// <param name="Attributes">What it is.</param>
/// <param name="Mode">Its permissions; null on Windows. Asyncio: <c>st_mode</c>.</param>
/// <param name="LinkTarget">Where a symbolic link leads; null if it is none, or was followed.</param>
/// <param name="LastWriteTime">Asyncio: <c>st_mtime</c>.</param>
/// <param name="LastAccessTime">Asyncio: <c>st_atime</c>.</param>
/// <param name="CreationTime">Asyncio: <c>st_birthtime</c>; where the system keeps none, the earliest of the times it has.</param>
public sealed record FileStatus(
    string Path,
    long Length,
    FileAttributes Attributes,
    UnixFileMode? Mode,
    string? LinkTarget,
    DateTimeOffset LastWriteTime,
    DateTimeOffset LastAccessTime,
    DateTimeOffset CreationTime)
{
    /// <summary>Whether it is a directory. Python: <c>stat.S_ISDIR</c>.</summary>
    public bool IsDirectory => (Attributes & FileAttributes.Directory) != 0;

    /// <summary>Whether it is a symbolic link that was not followed. Python: <c>stat.S_ISLNK</c>.</summary>
    public bool IsSymbolicLink => LinkTarget is not null;

    internal static FileStatus Of(string path, bool followLinks)
    {
        FileSystemInfo info = new FileInfo(path);
        if ((int)info.Attributes == -1)
        {
            throw NotFound(path);
        }

        if (followLinks && info.LinkTarget is not null)
        {
            info = info.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? new FileInfo(target.FullName) : throw NotFound(path);
        }

        var isDirectory = (info.Attributes & FileAttributes.Directory) != 0;
        return new FileStatus(
            path,
            isDirectory ? 0 : ((FileInfo)info).Length,
            info.Attributes,
            OperatingSystem.IsWindows() ? null : info.UnixFileMode,
            info.LinkTarget,
            info.LastWriteTimeUtc,
            info.LastAccessTimeUtc,
            info.CreationTimeUtc);
    }

    private static FileNotFoundException NotFound(string path) => new($"Could not find '{path}'.", path);
}
