using System.IO.Enumeration;

namespace Asyncio.Files;

/// <summary>What stands in a directory. The counterpart of <c>os.DirEntry</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The directory, as it was given, and the name.</param>
/// <param name="IsDirectory">Whether it is a directory, or a link to one.</param>
/// <param name="IsSymbolicLink">Whether it is a link.</param>
public readonly record struct DirectoryEntry(string Name, string Path, bool IsDirectory, bool IsSymbolicLink)
{
    internal static DirectoryEntry Of(ref FileSystemEntry entry) => new(
        entry.FileName.ToString(),
        entry.ToSpecifiedFullPath(),
        entry.IsDirectory,
        (entry.Attributes & FileAttributes.ReparsePoint) != 0);
}
