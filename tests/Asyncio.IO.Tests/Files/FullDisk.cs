using System.Runtime.InteropServices;
using Xunit;

namespace Asyncio.IO.Tests.Files;

/// <summary>A file system of its own with very little room, where the system lets us make one.</summary>
internal sealed partial class FullDisk : IDisposable
{
    public const int Room = 256 * 1024;

    public FullDisk(string directory)
    {
        Root = Path.Join(directory, "disk");
        Directory.CreateDirectory(Root);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Mount("tmpfs", Root, "tmpfs", 0, $"size={Room}") == 0, "A file system could not be mounted: that takes root.");
    }

    public string Root { get; }

    public string Place(string name) => Path.Join(Root, name);

    public void Dispose()
    {
        const int Detach = 2;
        _ = Unmount(Root, Detach);
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
