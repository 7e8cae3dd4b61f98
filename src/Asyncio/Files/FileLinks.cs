using System.Runtime.InteropServices;

namespace Asyncio.Files;

/// <summary>What .NET has no call for: hard links, directories that must be new, and what this process may do.</summary>
internal static partial class FileLinks
{
    private const int ReadOk = 4;
    private const int WriteOk = 2;

    internal static void CreateHardLink(string path, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            if (CreateHardLinkOnWindows(path, target, 0) == 0)
            {
                Marshal.ThrowExceptionForHR(Marshal.GetHRForLastWin32Error());
            }

            return;
        }

        if (Link(target, path) != 0)
        {
            throw FileErrors.Of(Marshal.GetLastPInvokeError(), target, path);
        }
    }

    internal static void CreateNewDirectory(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            if (CreateDirectoryOnWindows(path, 0) == 0)
            {
                Marshal.ThrowExceptionForHR(Marshal.GetHRForLastWin32Error());
            }
        }
        else if (MakeDirectory(path, (uint)mode) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw error == Errno.ENOENT ? new DirectoryNotFoundException($"Could not find a part of the path '{path}'.") : FileErrors.Of(error, path);
        }
    }

    internal static bool CanAccess(string path, FileAccess access)
    {
        if (!OperatingSystem.IsWindows())
        {
            return Access(path, ((access & FileAccess.Read) != 0 ? ReadOk : 0) | ((access & FileAccess.Write) != 0 ? WriteOk : 0)) == 0;
        }

        try
        {
            using var handle = Directory.Exists(path) ? null : File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
            return handle is not null || Directory.EnumerateFileSystemEntries(path).GetEnumerator() is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string target, string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("kernel32", EntryPoint = "CreateDirectoryW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int CreateDirectoryOnWindows(string path, nint security);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int CreateHardLinkOnWindows(string path, string target, nint security);
}
