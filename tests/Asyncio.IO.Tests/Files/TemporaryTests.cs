using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

public class TemporaryTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void One_without_a_name(ReactorKind kind) => Run(kind, async directory =>
    {
        await using (var file = await TemporaryFile.CreateAsync(directory))
        {
            await file.WriteAsync("text"u8.ToArray());
            await file.SeekAsync(0);
            Assert.Equal("text"u8.ToArray(), await file.ReadAllAsync());
            Assert.Empty(Directory.GetFiles(directory));
        }

        Assert.Equal(0, OpenIn(directory));
    });

    public static MatrixTheoryData<ReactorKind, bool> Ways => Each(true, false);

    [Theory, MemberData(nameof(Ways))]
    public void One_with_a_name(ReactorKind kind, bool deleteOnClose) => Run(kind, async directory =>
    {
        string name;
        await using (var file = await TemporaryFile.CreateNamedAsync(directory, "pre-", ".txt", deleteOnClose))
        {
            name = file.Name;
            Assert.Equal(directory, Path.GetDirectoryName(name));
            Assert.StartsWith("pre-", Path.GetFileName(name));
            Assert.EndsWith(".txt", name);
            Assert.Equal(Owner, ModeOf(name));
            await file.WriteAsync("text"u8.ToArray());
            await file.FlushAsync();
            Assert.Equal("text", await AsyncFile.ReadAllTextAsync(name)); // others can open it
        }

        Assert.Equal(!deleteOnClose, File.Exists(name));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_spooled_one_moves_to_disk_when_it_grows(ReactorKind kind) => Run(kind, async directory =>
    {
        await using (var file = TemporaryFile.CreateSpooled(10, directory))
        {
            await file.WriteAsync("0123456789"u8.ToArray());
            await file.FlushAsync();
            Assert.Equal(0, OpenIn(directory));
            await file.SetLengthAsync(4);
            await file.SeekAsync(6);
            await file.WriteAsync("x"u8.ToArray());
            await file.SeekAsync(0);
            Assert.Equal("0123\0\0x"u8.ToArray(), await file.ReadAllAsync());
            await file.WriteAsync("abcd"u8.ToArray());
            await file.FlushAsync();
            Assert.Equal(1, OpenIn(directory));
            await file.SeekAsync(0);
            Assert.Equal("0123\0\0xabcd"u8.ToArray(), await file.ReadAllAsync());
        }

        Assert.Equal(0, OpenIn(directory));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_directory_goes_with_all_in_it_also_when_the_task_is_cancelled(ReactorKind kind) => Run(kind, async directory =>
    {
        string? path = null;
        var task = Aio.CreateTask(Use());
        while (path is null)
        {
            await Aio.Sleep(0.001);
        }

        Assert.Equal(Owner | UnixFileMode.UserExecute, ModeOf(path));
        task.Cancel();
        await Aio.Sleep(0);
        task.Cancel(); // while it is removed
        Assert.True(await IsCancelled(task));
        Assert.False(Directory.Exists(path));

        async Coroutine Use()
        {
            await using var temporary = await TemporaryDirectory.CreateAsync(directory);
            await AsyncDirectory.CreateAsync(Path.Join(temporary.Path, "sub"));
            await AsyncFile.WriteAllTextAsync(Path.Join(temporary.Path, "sub", "file"), "x");
            path = temporary.Path;
            await Aio.Sleep(3_600);
        }
    });
}
