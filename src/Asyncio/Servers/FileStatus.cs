using System.Runtime.InteropServices;

namespace Asyncio;

/// <summary>What .NET does not tell of a file: of which kind it is, and which file it is.</summary>
/// <param name="Identity">The number of the file in its file system.</param>
internal readonly unsafe partial record struct FileStatus(int Type, ulong Identity)
{
    // statx, because its layout is the same on every processor.
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeAndIdentity = 0x101;
    private const int Size = 256;
    private const int ModeAt = 28;
    private const int IdentityAt = 32;
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int PipeType = 0x1000;
    private const int TerminalType = 0x2000; // or another character device
    private const int EmptyPath = 0x1000;    // the file that the number stands for

    internal bool IsSocket => Type == SocketType;

    internal bool IsPipe => Type == PipeType;

    /// <summary>Something whose bytes come one after the other, when they come.</summary>
    internal bool IsStream => Type is SocketType or PipeType or TerminalType;

    /// <summary>Null if there is none, or this system cannot tell.</summary>
    internal static FileStatus? Of(string path) => Of(CurrentFolder, path, DoNotFollow);

    /// <inheritdoc cref="Of(string)"/>
    internal static FileStatus? Of(SafeHandle handle)
    {
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return Of((int)handle.DangerousGetHandle(), "", EmptyPath);
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static FileStatus? Of(int folder, string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[Size];
        try
        {
            return StatX(folder, path, flags, TypeAndIdentity, status) != 0
                ? null
                : new FileStatus(*(ushort*)(status + ModeAt) & TypeMask, *(ulong*)(status + IdentityAt));
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library that is older than the call
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* status);
}
