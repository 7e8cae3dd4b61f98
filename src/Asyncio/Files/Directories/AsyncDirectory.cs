using System.IO.Enumeration;

namespace Asyncio.Files;

/// <summary>
/// <see cref="Directory"/> without blocking the loop: the counterpart of <c>aiofiles.os</c>. Cancelled before it has begun, an
/// operation does nothing; afterwards it is carried out, and the cancellation arrives at the next await.
/// </summary>
public static class AsyncDirectory
{
    /// <summary>Whether there is a directory of that name. Asyncio: <c>aiofiles.os.path.isdir()</c>.</summary>
    public static Coroutine<bool> ExistsAsync(string? path) => InThread.Call("AsyncDirectory.ExistsAsync", Directory.Exists, path);

    /// <summary>Makes a directory, and those above it that are missing. One that is there is no error. Asyncio: <c>aiofiles.os.makedirs(exist_ok=True)</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">The permissions of those that are made; null is the system's. Not on Windows.</param>
    /// <exception cref="IOException">What <see cref="Directory"/> throws: also <see cref="DirectoryNotFoundException"/>, <see cref="UnauthorizedAccessException"/> and others.</exception>
    public static Coroutine CreateAsync(string path, UnixFileMode? mode = null) => InThread.Call(
        "AsyncDirectory.CreateAsync",
        static call =>
        {
            if (call.mode is { } mode && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(call.path, mode);
            }
            else
            {
                Directory.CreateDirectory(call.path);
            }
        },
        (path: Checked(path), mode));

    /// <summary>Makes a directory that must not be there, in one that must: who succeeds has made it. Asyncio: <c>aiofiles.os.mkdir()</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">Its permissions, less what the process's mask takes away; null is all. Not on Windows.</param>
    /// <exception cref="IOException">It is there already, or another error; also <see cref="DirectoryNotFoundException"/> and <see cref="UnauthorizedAccessException"/>.</exception>
    public static Coroutine CreateNewAsync(string path, UnixFileMode? mode = null) => InThread.Call(
        "AsyncDirectory.CreateNewAsync",
        static call => FileLinks.CreateNewDirectory(call.path, call.mode),
        (path: Checked(path), mode: mode ?? (UnixFileMode)0x1FF));

    /// <summary>Removes a directory. Asyncio: <c>aiofiles.os.rmdir()</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="recursive">True: with all that is in it. Python: <c>shutil.rmtree()</c>.</param>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine DeleteAsync(string path, bool recursive = false) => InThread.Call(
        "AsyncDirectory.DeleteAsync",
        static call => Directory.Delete(call.path, call.recursive),
        (path: Checked(path), recursive));

    /// <summary>Removes an empty directory, and those above it as long as they are empty. Asyncio: <c>aiofiles.os.removedirs()</c>.</summary>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine DeleteWithEmptyParentsAsync(string path) =>
        InThread.Call("AsyncDirectory.DeleteWithEmptyParentsAsync", DeleteUpwards, Checked(path));

    /// <summary>Gives a directory another name, or another place on the same file system. Asyncio: <c>aiofiles.os.rename()</c>.</summary>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine MoveAsync(string path, string target) => InThread.Call(
        "AsyncDirectory.MoveAsync",
        static call => Directory.Move(call.path, call.target),
        (path: Checked(path), target: Checked(target)));

    /// <summary>
    /// Gives a file or a directory another place, whose directories are made if they are missing; then removes those above the old place that have
    /// become empty. A file that is at the new place is replaced. Asyncio: <c>aiofiles.os.renames()</c>.
    /// </summary>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine MoveWithParentsAsync(string path, string target) => InThread.Call(
        "AsyncDirectory.MoveWithParentsAsync",
        static call => MoveWithParents(call.path, call.target),
        (path: Checked(path), target: Checked(target)));

    /// <summary>How much room there is where that is. Asyncio: <c>aiofiles.os.statvfs()</c>, <c>shutil.disk_usage()</c>.</summary>
    /// <param name="path">A file or a directory.</param>
    /// <exception cref="DriveNotFoundException">There is no such place.</exception>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine<DiskSpace> GetSpaceAsync(string path) => InThread.Call("AsyncDirectory.GetSpaceAsync", DiskSpace.At, Checked(path));

    /// <summary>Makes a symbolic link to a directory. Asyncio: <c>aiofiles.os.symlink()</c>, whose parameters stand the other way round.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">Where it leads, from the link's directory if it is relative.</param>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine CreateSymbolicLinkAsync(string path, string target) => InThread.Call(
        "AsyncDirectory.CreateSymbolicLinkAsync",
        static call => { Directory.CreateSymbolicLink(call.path, call.target); },
        (path: Checked(path), target: Checked(target)));

    /// <summary>The names of all that is in a directory, in no order. Asyncio: <c>aiofiles.os.listdir()</c>.</summary>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static Coroutine<string[]> GetNamesAsync(string path) =>
        InThread.Call("AsyncDirectory.GetNamesAsync", static path => Entries(path).Select(entry => entry.Name).ToArray(), Checked(path));

    /// <summary>What is in a directory, read as it is asked for, in no order. Asyncio: <c>aiofiles.os.scandir()</c>.</summary>
    /// <param name="path">Where.</param>
    /// <param name="pattern">Which names: <c>*</c> is anything, <c>?</c> one character.</param>
    /// <param name="recursive">True: also what is in the directories in it; links are not followed.</param>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public static FileEnumerable<DirectoryEntry> EnumerateAsync(string path, string pattern = "*", bool recursive = false)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Checked(path);
        return new FileEnumerable<DirectoryEntry>(() => new EntryCursor(path, pattern, recursive));
    }

    /// <summary>A tree of directories, each before those in it. The counterpart of <c>os.walk()</c>.</summary>
    /// <param name="path">Where it begins.</param>
    /// <param name="followLinks">True: also into directories that are links; one that leads upwards never ends.</param>
    /// <param name="ignoreInaccessible">True: a directory that cannot be read is left out, as in Python. False: it is an error; asked again, the walk goes on after it.</param>
    public static FileEnumerable<DirectoryWalk> WalkAsync(string path, bool followLinks = false, bool ignoreInaccessible = true)
    {
        Checked(path);
        return new FileEnumerable<DirectoryWalk>(() => new WalkCursor(path, followLinks, ignoreInaccessible));
    }

    /// <summary>In this thread.</summary>
    internal static FileSystemEnumerable<DirectoryEntry> Entries(string path, string pattern = "*", bool recursive = false)
    {
        // As Directory.EnumerateFileSystemEntries without options: hidden ones too, and what may not be read is an error.
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = recursive };
        return new FileSystemEnumerable<DirectoryEntry>(path, DirectoryEntry.Of, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, OperatingSystem.IsWindows()),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
    }

    private static void MoveWithParents(string path, string target)
    {
        if (Path.GetDirectoryName(target) is { Length: > 0 } parent)
        {
            Directory.CreateDirectory(parent);
        }

        if (Directory.Exists(path))
        {
            Directory.Move(path, target);
        }
        else
        {
            File.Move(path, target, overwrite: true);
        }

        DeleteEmptyAbove(path);
    }

    private static void DeleteUpwards(string path)
    {
        Directory.Delete(path);
        DeleteEmptyAbove(path);
    }

    private static void DeleteEmptyAbove(string path)
    {
        try
        {
            for (var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
            {
                Directory.Delete(parent);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first that is not empty, or not ours: here it ends.
        }
    }

    private static string Checked(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path;
    }
}
