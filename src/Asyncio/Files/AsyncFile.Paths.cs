namespace Asyncio.Files;

// What is done with a file by its name.
public sealed partial class AsyncFile
{
    /// <summary>Whether there is a file of that name, and no directory. Asyncio: <c>aiofiles.os.path.isfile()</c>.</summary>
    public static Coroutine<bool> ExistsAsync(string? path) => InThread.Call("AsyncFile.ExistsAsync", File.Exists, path);

    /// <summary>What the system knows of a file or a directory. Asyncio: <c>aiofiles.os.stat()</c>; <c>path.getsize()</c>, <c>getmtime()</c>, <c>islink()</c> and their like.</summary>
    /// <param name="path">Where.</param>
    /// <param name="followLinks">True: of a symbolic link, what it leads to. Python: <c>follow_symlinks</c>.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Coroutine<FileStatus> GetStatusAsync(string path, bool followLinks = true) => InThread.Call(
        "AsyncFile.GetStatusAsync",
        static call => FileStatus.Of(call.path, call.followLinks),
        (path: Checked(path), followLinks));

    /// <summary>Whether this process may use it so. Asyncio: <c>aiofiles.os.access()</c>.</summary>
    /// <param name="path">A file or a directory.</param>
    /// <param name="access">How.</param>
    /// <returns>False also if there is none. It may be otherwise a moment later: to open it and to catch the exception is better.</returns>
    public static Coroutine<bool> CanAccessAsync(string path, FileAccess access = FileAccess.Read) => InThread.Call(
        "AsyncFile.CanAccessAsync",
        static call => FileLinks.CanAccess(call.path, call.access),
        (path: Checked(path), access));

    /// <summary>Whether two names are names of one file; on Linux only. Asyncio: <c>aiofiles.os.path.samefile()</c>.</summary>
    /// <exception cref="FileNotFoundException">One of them is no file's.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static Coroutine<bool> AreSameAsync(string path, string other) => InThread.Call(
        "AsyncFile.AreSameAsync",
        static call =>
        {
            var first = FileIdentity.Of(call.path) ?? throw new FileNotFoundException($"Could not find '{call.path}'.", call.path);
            return first == (FileIdentity.Of(call.other) ?? throw new FileNotFoundException($"Could not find '{call.other}'.", call.other));
        },
        (path: Checked(path), other: Checked(other)));

    /// <summary>Whether that is a name of this file, which may have been moved, or replaced by another; on Linux only. Asyncio: <c>aiofiles.os.path.sameopenfile()</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Coroutine<bool> IsAtAsync(string path)
    {
        Checked(path);
        using var turn = await Enter();
        return await InThread.Call(
            "AsyncFile.IsAtAsync",
            static call => FileIdentity.Of(call.handle) is { } own && own == FileIdentity.Of(call.path),
            (handle: SafeFileHandle, path));
    }

    /// <summary>Removes a file. One that is not there is no error. Asyncio: <c>aiofiles.os.remove()</c>, <c>unlink()</c>.</summary>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine DeleteAsync(string path) => InThread.Call("AsyncFile.DeleteAsync", File.Delete, Checked(path));

    /// <summary>Gives a file another name, or another place. Asyncio: <c>aiofiles.os.rename()</c>; with <paramref name="overwrite"/> <c>replace()</c>.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="target">Where it is to be.</param>
    /// <param name="overwrite">True: what is there is replaced, at once where both are on one file system.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine MoveAsync(string path, string target, bool overwrite = false) => InThread.Call(
        "AsyncFile.MoveAsync",
        static call => File.Move(call.path, call.target, call.overwrite),
        (path: Checked(path), target: Checked(target), overwrite));

    /// <summary>Copies a file with its permissions. Python: <c>shutil.copy()</c>.</summary>
    /// <param name="path">What.</param>
    /// <param name="target">The new file.</param>
    /// <param name="overwrite">True: what is there is replaced.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine CopyAsync(string path, string target, bool overwrite = false) => InThread.Call(
        "AsyncFile.CopyAsync",
        static call => File.Copy(call.path, call.target, call.overwrite),
        (path: Checked(path), target: Checked(target), overwrite));

    /// <summary>Puts a file in the place of another, whose contents become a third. Without the third, <see cref="MoveAsync"/> does the same.</summary>
    /// <param name="path">The new contents.</param>
    /// <param name="target">What is replaced.</param>
    /// <param name="backup">Where that goes; null is nowhere.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine ReplaceAsync(string path, string target, string? backup) => InThread.Call(
        "AsyncFile.ReplaceAsync",
        static call => File.Replace(call.path, call.target, call.backup),
        (path: Checked(path), target: Checked(target), backup));

    /// <summary>Makes a second name for a file. Asyncio: <c>aiofiles.os.link()</c>.</summary>
    /// <param name="path">The new name.</param>
    /// <param name="target">The file.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine CreateHardLinkAsync(string path, string target) => InThread.Call(
        "AsyncFile.CreateHardLinkAsync",
        static call => FileLinks.CreateHardLink(call.path, call.target),
        (path: Checked(path), target: Checked(target)));

    /// <summary>Makes a symbolic link to a file. Asyncio: <c>aiofiles.os.symlink()</c>, whose parameters stand the other way round.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">Where it leads, from the link's directory if it is relative.</param>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine CreateSymbolicLinkAsync(string path, string target) => InThread.Call(
        "AsyncFile.CreateSymbolicLinkAsync",
        static call => { File.CreateSymbolicLink(call.path, call.target); },
        (path: Checked(path), target: Checked(target)));

    /// <summary>Where a symbolic link leads, as it is written in it. Asyncio: <c>aiofiles.os.readlink()</c>.</summary>
    /// <returns>Null: it is no link.</returns>
    /// <inheritdoc cref="ReadAllBytesAsync" path="/exception"/>
    public static Coroutine<string?> ReadLinkAsync(string path) =>
        InThread.Call("AsyncFile.ReadLinkAsync", static path => new FileInfo(path).LinkTarget, Checked(path));
}
