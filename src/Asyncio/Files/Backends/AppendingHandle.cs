using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Asyncio.Files;

/// <summary>
/// Appending as the system does it (<c>O_APPEND</c>), which .NET does not offer: its <see cref="FileMode.Append"/> goes to the end once, and writes
/// over what others append after that.
/// </summary>
internal static partial class AppendingHandle
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int Append = 0x400;
    private const int FromCurrent = 1;

    /// <summary>Elsewhere the numbers are others: there the end is looked up before each write.</summary>
    internal static bool IsKnownHere => OperatingSystem.IsLinux();

    /// <summary>Opens a file to append to; it is made if it is not there.</summary>
    /// <exception cref="ArgumentException">Not for writing.</exception>
    internal static SafeFileHandle Open(string path, FileAccess access, FileShare share, FileOptions options)
    {
        if ((access & FileAccess.Write) == 0)
        {
            throw new ArgumentException("A file is appended to by writing: FileMode.Append needs FileAccess.Write or ReadWrite.", nameof(access));
        }

        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, access, share, options);
        if (IsKnownHere && (Control(handle, GetFlags, 0) is var flags && (flags < 0 || Control(handle, SetFlags, flags | Append) < 0)))
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw FileErrors.Of(error, path);
        }

        return handle;
    }

    /// <summary>Opens, appends and closes, blocking.</summary>
    internal static void AppendAll(string path, ReadOnlySpan<byte> data)
    {
        using var handle = OpenForAll(path);
        WriteAll(handle, path, data);
    }

    /// <summary>The same with text, after the mark of its encoding where it is the first in the file; as .NET does.</summary>
    internal static void AppendAll(string path, string? text, Encoding encoding)
    {
        using var handle = OpenForAll(path);
        ReadOnlySpan<byte> mark = encoding.Preamble.Length > 0 && AsyncFile.LengthOf(handle) == 0 ? encoding.Preamble : [];
        WriteAll(handle, path, [.. mark, .. encoding.GetBytes(text ?? "")]);
    }

    /// <summary>Writes all of it, blocking. Of a file that was opened to be appended to.</summary>
    internal static Written Write(SafeFileHandle handle, string path, ReadOnlySpan<byte> data)
    {
        if (!IsKnownHere)
        {
            var end = RandomAccess.GetLength(handle);
            RandomAccess.Write(handle, data, end);
            return new Written(end + data.Length, data.Length);
        }

        var count = 0;
        while (count < data.Length)
        {
            var written = Write(handle, data[count..], data.Length - count);
            var error = written > 0 ? 0 : written < 0 ? Marshal.GetLastPInvokeError() : Errno.EIO;
            if (error is not (0 or Errno.EINTR))
            {
                return new Written(0, count, FileErrors.Of(error, path));
            }

            count += (int)Math.Max(written, 0);
        }

        return new Written(PositionOf(handle), count);
    }

    /// <summary>Where its last write ended.</summary>
    internal static long PositionOf(SafeFileHandle handle) => Seek(handle, 0, FromCurrent);

    private static SafeFileHandle OpenForAll(string path) => Open(path, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, FileOptions.None);

    private static void WriteAll(SafeFileHandle handle, string path, ReadOnlySpan<byte> data)
    {
        if (Write(handle, path, data).Error is { } error)
        {
            throw error;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> data, nint length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int origin);
}
