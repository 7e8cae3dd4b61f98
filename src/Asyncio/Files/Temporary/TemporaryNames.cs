using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>Names that nobody has, in the directory for temporary files. All in the calling thread.</summary>
internal static class TemporaryNames
{
    /// <summary>What stands for the path of a file that has none.</summary>
    internal const string Unnamed = "a temporary file";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new name. Nobody can guess it; that nobody has it is seen when it is made.</summary>
    internal static string In(string? directory, string? prefix, string? suffix) =>
        Path.Join(directory ?? Path.GetTempPath(), prefix ?? "tmp") + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal) + suffix;

    /// <summary>An open file of a new name, readable by its owner only.</summary>
    internal static (SafeFileHandle Handle, string Path) Open(string? directory, string? prefix, string? suffix, FileOptions options = FileOptions.None)
    {
        var path = In(directory, prefix, suffix);
        if (OperatingSystem.IsWindows())
        {
            return (File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, options), path);
        }

        // The handle's own way to open takes no permissions; made so first, nobody else can open it in between.
        using (new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 }))
        {
        }

        return (File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, options), path);
    }

    /// <summary>An open file that goes when it is closed, however the process ends: on Unix it has no name from the start.</summary>
    internal static SafeFileHandle OpenUnnamed(string? directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return Open(directory, null, null, FileOptions.DeleteOnClose).Handle;
        }

        var (handle, path) = Open(directory, null, null);
        File.Delete(path);
        return handle;
    }
}
