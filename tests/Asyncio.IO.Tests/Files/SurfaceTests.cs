using System.Text;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>What aiofiles has beside the usual.</summary>
public class SurfaceTests
{
    public static MatrixTheoryData<ReactorKind, int> Sizes => Each(0, 3, 4096);

    [Theory, MemberData(nameof(Sizes))]
    public void What_comes_next_is_shown_and_stays(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "0123456789");
        await using var file = await AsyncFile.OpenAsync(path, access: FileAccess.ReadWrite, bufferSize: bufferSize);
        Assert.Empty(await file.PeekAsync(0));
        Assert.Equal("01234"u8.ToArray(), await file.PeekAsync(5));
        Assert.Equal(0, file.Position);
        Assert.Equal("01"u8.ToArray(), await file.ReadAsync(2));
        Assert.Equal("23456789"u8.ToArray(), await file.PeekAsync(100));
        await file.WriteAsync("ab"u8.ToArray());
        Assert.Equal("456"u8.ToArray(), await file.PeekAsync(3));
        await file.SeekAsync(0, SeekOrigin.End);
        Assert.Empty(await file.PeekAsync(3));
        await file.SeekAsync(0);
        Assert.Equal("01ab456789"u8.ToArray(), await file.ReadAllAsync());
    });

    [Theory, MemberData(nameof(Sizes))]
    public void Lines_of_bytes_one_by_one_and_at_once(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        string[] expected = ["a\n", "\n", "longer than the buffer\n", "end"];
        File.WriteAllText(path, string.Concat(expected));
        await using var file = await AsyncFile.OpenAsync(path, bufferSize: bufferSize);
        var lines = new List<string>();
        await foreach (var line in file)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        Assert.Equal(expected, lines);
        Assert.Empty(await file.ReadAllLinesAsync());
        await file.SeekAsync(2);
        Assert.Equal(expected[1..], (await file.ReadAllLinesAsync()).Select(Encoding.UTF8.GetString));
        await file.SeekAsync(0);
        var seen = 0;
        await foreach (var line in (IAsyncEnumerable<byte[]>)file)
        {
            seen++;
        }

        Assert.Equal(expected.Length, seen);
    });

    [Theory, MemberData(nameof(Sizes))]
    public void Lines_of_text_at_once(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        foreach (var text in new[] { "", "\n", "a\r\nb\rc\n\nd", "a\r\n", "\r\r\n\n", "€\nä" })
        {
            File.WriteAllText(path, text);
            await using var file = await AsyncTextFile.OpenAsync(path, bufferSize: bufferSize);
            Assert.Equal(File.ReadAllLines(path), await file.ReadAllLinesAsync());
            Assert.Empty(await file.ReadAllLinesAsync());
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_file_is_no_terminal(ReactorKind kind) => Run(kind, async directory =>
    {
        await using var file = await Aio.OpenFile(Path.Join(directory, "file"), "w");
        Assert.False(file.IsTerminal);
        Assert.Equal(!Console.IsInputRedirected, Aio.Stdin.BaseFile.IsTerminal);
        Assert.Equal(!Console.IsOutputRedirected, Aio.Stdout.BaseFile.IsTerminal);
        Assert.Equal(!Console.IsErrorRedirected, Aio.Stderr.BaseFile.IsTerminal);
        if (File.Exists("/dev/ptmx"))
        {
            await using var terminal = await AsyncFile.OpenAsync("/dev/ptmx", access: FileAccess.ReadWrite, share: FileShare.ReadWrite);
            Assert.True(terminal.IsTerminal);
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_new_directory_must_be_new(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "new");
        await AsyncDirectory.CreateNewAsync(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(ModeOf(path), OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Throws<IOException>(() => AsyncDirectory.CreateNewAsync(path));
        await Throws<DirectoryNotFoundException>(() => AsyncDirectory.CreateNewAsync(Path.Join(path, "a", "b")));
        var made = await Aio.GatherOutcomes(Enumerable.Range(0, 10).Select(_ => AsyncDirectory.CreateNewAsync(Path.Join(path, "once"))));
        Assert.Single(made, outcome => outcome.IsSuccess); // one of them has made it, and knows
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_move_makes_and_removes_directories(ReactorKind kind) => Run(kind, async directory =>
    {
        string At(string path) => Path.Join(directory, path);
        File.WriteAllText(At("keep"), "");
        await AsyncDirectory.CreateAsync(At("a/b/c"));
        File.WriteAllText(At("a/b/c/file"), "text");
        await AsyncDirectory.MoveWithParentsAsync(At("a/b/c/file"), At("x/y/file"));
        Assert.Equal("text", File.ReadAllText(At("x/y/file")));
        Assert.False(await AsyncPath.ExistsAsync(At("a")));
        await AsyncDirectory.MoveWithParentsAsync(At("x/y"), At("z/y"));
        Assert.Equal(["keep", "z"], (await AsyncDirectory.GetNamesAsync(directory)).Order());
        await AsyncDirectory.MoveWithParentsAsync(At("z/y/file"), At("keep"));
        Assert.Equal("text", File.ReadAllText(At("keep")));
        Assert.Equal(["keep"], await AsyncDirectory.GetNamesAsync(directory));
        await Throws<FileNotFoundException>(() => AsyncDirectory.MoveWithParentsAsync(At("none"), At("some")));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_is_there_and_how_much_room(ReactorKind kind) => Run(kind, async directory =>
    {
        var (file, link) = (Path.Join(directory, "file"), Path.Join(directory, "link"));
        Assert.False(await AsyncPath.ExistsAsync(file));
        Assert.False(await AsyncPath.ExistsAsync(null));
        File.CreateSymbolicLink(link, file);
        Assert.True(await AsyncPath.ExistsAsync(link)); // it leads nowhere, and is there all the same
        Assert.False(await AsyncPath.ExistsAsync(file));
        File.WriteAllText(file, "");
        Assert.True(await AsyncPath.ExistsAsync(file));
        Assert.True(await AsyncPath.ExistsAsync(directory));
        var space = await AsyncDirectory.GetSpaceAsync(file);
        Assert.InRange(space.Free, 1, space.Total);
        Assert.InRange(space.Available, 0, space.Free);
        await Throws<DriveNotFoundException>(async () => await AsyncDirectory.GetSpaceAsync(file + "x"));
    });
}
