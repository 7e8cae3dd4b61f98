using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>Which file it is, whatever its names: device and inode. .NET has no call for it; here it is Linux only.</summary>
internal static unsafe partial class FileIdentity
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000;      // AT_EMPTY_PATH
    private const uint WantInode = 0x100;      // STATX_INO

    internal static (ulong Device, ulong Inode)? Of(SafeFileHandle handle)
    {
        var added = false;
        try
        {
            handle.DangerousAddRef(ref added);
            return Ask((int)handle.DangerousGetHandle(), "", EmptyPath);
        }
        finally
        {
            if (added)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>Null: there is none.</summary>
    internal static (ulong Device, ulong Inode)? Of(string path) => Ask(CurrentDirectory, path, 0);

    private static (ulong Device, ulong Inode)? Ask(int directory, string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Whether two names are one file can be told on Linux only.");
        }

        Answer answer;
        return Statx(directory, path, flags, WantInode, &answer) == 0
            ? (((ulong)answer.DeviceMajor << 32) | answer.DeviceMinor, answer.Inode)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Answer* answer);

    /// <summary>The kernel's <c>struct statx</c>, the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Answer
    {
        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
