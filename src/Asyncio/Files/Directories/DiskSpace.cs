namespace Asyncio.Files;

/// <summary>The room on a file system, in bytes. The counterpart of <c>shutil.disk_usage()</c>.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What nobody uses.</param>
/// <param name="Available">What of that this user may use.</param>
public sealed record DiskSpace(long Total, long Free, long Available)
{
    internal static DiskSpace At(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Path.Exists(full))
        {
            throw new DriveNotFoundException($"Could not find '{full}'.");
        }

        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full);
        return new DiskSpace(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
    }
}
