using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

public class DirectoryTests
{
    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Files_by_their_names(ReactorKind kind) => Run(kind, async directory =>
    {
        var (a, b, c) = (Path.Join(directory, "a"), Path.Join(directory, "b"), Path.Join(directory, "c"));
        await AsyncFile.WriteAllTextAsync(a, "text");
        Assert.True(await AsyncFile.ExistsAsync(a));
        Assert.False(await AsyncFile.ExistsAsync(b));
        Assert.False(await AsyncFile.ExistsAsync(directory));
        await AsyncFile.CopyAsync(a, b);
        await Throws<IOException>(() => AsyncFile.MoveAsync(a, b));
        await AsyncFile.MoveAsync(a, b, overwrite: true);
        Assert.False(File.Exists(a));
        await AsyncFile.CreateHardLinkAsync(a, b);
        await AsyncFile.AppendAllTextAsync(a, "!");
        Assert.Equal("text!", File.ReadAllText(b));
        await Throws<IOException>(() => AsyncFile.CreateHardLinkAsync(a, b));
        await Throws<FileNotFoundException>(() => AsyncFile.CreateHardLinkAsync(Path.Join(directory, "n"), Path.Join(directory, "none")));
        await AsyncFile.CreateSymbolicLinkAsync(c, "b");
        Assert.Equal("b", await AsyncFile.ReadLinkAsync(c));
        Assert.Null(await AsyncFile.ReadLinkAsync(b));
        await AsyncFile.WriteAllTextAsync(a + "2", "new");
        await AsyncFile.ReplaceAsync(a + "2", b, a + "3");
        Assert.Equal(("new", "text!"), (File.ReadAllText(b), File.ReadAllText(a + "3")));
        await AsyncFile.DeleteAsync(b);
        await AsyncFile.DeleteAsync(b);
        Assert.Equal(["a", "a3", "c"], (await AsyncDirectory.GetNamesAsync(directory)).Order());
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Two_names_of_one_file(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        var (a, b) = (Path.Join(directory, "a"), Path.Join(directory, "b"));
        await using var file = await Aio.OpenFile(a, "w+");
        Assert.True(await file.IsAtAsync(a));
        Assert.False(await file.IsAtAsync(b));
        File.WriteAllText(b, "");
        Assert.False(await AsyncFile.AreSameAsync(a, b));
        File.Delete(b);
        await AsyncFile.CreateHardLinkAsync(b, a);
        Assert.True(await AsyncFile.AreSameAsync(a, b));
        await AsyncFile.DeleteAsync(a);
        await Throws<FileNotFoundException>(async () => await AsyncFile.AreSameAsync(a, b));
        File.WriteAllText(a, "");
        Assert.False(await file.IsAtAsync(a));
        Assert.True(await file.IsAtAsync(b));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_the_system_knows(ReactorKind kind) => Run(kind, async directory =>
    {
        var (file, link, broken) = (Path.Join(directory, "file"), Path.Join(directory, "link"), Path.Join(directory, "broken"));
        File.WriteAllText(file, "12345");
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(broken, "nowhere");
        var status = await AsyncFile.GetStatusAsync(file);
        Assert.Equal((file, 5L, false, false, ModeOf(file)), (status.Path, status.Length, status.IsDirectory, status.IsSymbolicLink, status.Mode));
        Assert.Equal(File.GetLastWriteTimeUtc(file), status.LastWriteTime.UtcDateTime);
        Assert.Equal(5, (await AsyncFile.GetStatusAsync(link)).Length);
        Assert.False((await AsyncFile.GetStatusAsync(link)).IsSymbolicLink);
        Assert.Equal(file, (await AsyncFile.GetStatusAsync(link, followLinks: false)).LinkTarget);
        Assert.True((await AsyncFile.GetStatusAsync(directory)).IsDirectory);
        Assert.True((await AsyncFile.GetStatusAsync(broken, followLinks: false)).IsSymbolicLink);
        await Throws<FileNotFoundException>(async () => await AsyncFile.GetStatusAsync(broken));
        await Throws<FileNotFoundException>(async () => await AsyncFile.GetStatusAsync(file + "x"));
        Assert.True(await AsyncFile.CanAccessAsync(file, FileAccess.ReadWrite));
        Assert.True(await AsyncFile.CanAccessAsync(directory));
        Assert.False(await AsyncFile.CanAccessAsync(file + "x"));
        Assert.False(await AsyncFile.CanAccessAsync("/proc/version", FileAccess.ReadWrite) && Environment.UserName != "root");
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Directories_are_made_and_removed(ReactorKind kind) => Run(kind, async directory =>
    {
        var deep = Path.Join(directory, "a", "b", "c");
        await AsyncDirectory.CreateAsync(deep);
        await AsyncDirectory.CreateAsync(deep);
        Assert.True(await AsyncDirectory.ExistsAsync(deep));
        await Throws<IOException>(() => AsyncDirectory.DeleteAsync(Path.Join(directory, "a")));
        File.WriteAllText(Path.Join(directory, "keep"), "");
        await AsyncDirectory.DeleteWithEmptyParentsAsync(deep);
        Assert.Equal(["keep"], await AsyncDirectory.GetNamesAsync(directory));
        await Throws<DirectoryNotFoundException>(() => AsyncDirectory.DeleteWithEmptyParentsAsync(deep));
        await AsyncDirectory.CreateAsync(deep, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await AsyncDirectory.MoveAsync(Path.Join(directory, "a"), Path.Join(directory, "z"));
        await AsyncDirectory.CreateSymbolicLinkAsync(Path.Join(directory, "y"), "z");
        Assert.True(Directory.Exists(Path.Join(directory, "y", "b", "c")));
        await AsyncDirectory.DeleteAsync(Path.Join(directory, "z"), recursive: true);
        Assert.False(await AsyncDirectory.ExistsAsync(Path.Join(directory, "z")));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Entries_are_enumerated_in_batches_and_the_directory_is_closed(ReactorKind kind) => Run(kind, async directory =>
    {
        var files = Path.Join(directory, "files");
        Directory.CreateDirectory(Path.Join(files, "sub"));
        for (var n = 0; n < 1_000; n++)
        {
            File.WriteAllText(Path.Join(files, $"{n}.{(n % 2 == 0 ? "txt" : "bin")}"), "");
        }

        File.WriteAllText(Path.Join(files, "sub", "inner.txt"), "");
        File.WriteAllText(Path.Join(files, ".hidden"), "");
        Directory.CreateSymbolicLink(Path.Join(files, "loop"), files);
        var entries = await AsyncDirectory.EnumerateAsync(files).ToListAsync();
        Assert.Equal(1_003, entries.Count);
        Assert.Contains(new DirectoryEntry("sub", Path.Join(files, "sub"), true, false), entries);
        Assert.Contains(new DirectoryEntry("loop", Path.Join(files, "loop"), true, true), entries);
        Assert.Contains(new DirectoryEntry(".hidden", Path.Join(files, ".hidden"), false, false), entries);
        Assert.Equal(501, (await AsyncDirectory.EnumerateAsync(files, "*.txt", recursive: true).ToListAsync()).Count);
        await foreach (var entry in AsyncDirectory.EnumerateAsync(files))
        {
            Assert.Equal(1, OpenIn(files));
            break;
        }

        Assert.Equal(0, OpenIn(files));
        await Throws<DirectoryNotFoundException>(async () => await AsyncDirectory.EnumerateAsync(files + "x").ToListAsync());
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_walk_can_be_pruned_and_passes_over_what_it_cannot_read(ReactorKind kind) => Run(kind, async directory =>
    {
        foreach (var path in new[] { "a/x", "a/y", "b/x", "c" })
        {
            Directory.CreateDirectory(Path.Join(directory, path));
        }

        File.WriteAllText(Path.Join(directory, "b", "file"), "");
        Directory.CreateSymbolicLink(Path.Join(directory, "b", "up"), directory);
        var seen = new List<string>();
        await foreach (var (path, directories, files) in AsyncDirectory.WalkAsync(directory))
        {
            ((List<string>)directories).Sort();
            directories.Remove("y");
            seen.Add($"{Path.GetRelativePath(directory, path)}: {string.Join(' ', directories)} | {string.Join(' ', files)}");
            if (path == Path.Join(directory, "b"))
            {
                Directory.Delete(Path.Join(directory, "c"));
            }
        }

        Assert.Equal([".: a b c | ", "a: x | ", "a/x:  | ", "b: up x | file", "b/x:  | "], seen);
        await Throws<DirectoryNotFoundException>(async () => await AsyncDirectory.WalkAsync(directory + "x", ignoreInaccessible: false).ToListAsync());
        Assert.Empty(await AsyncDirectory.WalkAsync(directory + "x").ToListAsync());
    });
}
