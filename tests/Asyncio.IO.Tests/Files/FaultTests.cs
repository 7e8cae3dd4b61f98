using System.Text;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>What disks, systems and programs do to files that are open. The same whatever reads and writes them.</summary>
public class FaultTests
{
    public static MatrixTheoryData<ReactorKind, int> Sizes => Each(0, 4096, 64 * 1024);

    [Theory, MemberData(nameof(Sizes))]
    public void A_disk_that_is_full_and_then_is_not(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        using var disk = new FullDisk(directory);
        var ballast = new byte[FullDisk.Room - (64 * 1024)];
        File.WriteAllBytes(disk.Place("ballast"), ballast);
        var data = Bytes(150_000);
        await using (var file = await AsyncFile.OpenAsync(disk.Place("file"), FileMode.CreateNew, bufferSize: bufferSize))
        {
            var error = await Throws<IOException>(() => Write(file, data));
            Assert.Contains("No space left", error.Message);
            Assert.Contains(disk.Place("file"), error.Message);
            var position = file.Position;
            File.Delete(disk.Place("ballast"));
            await Write(file, data.AsMemory((int)position)); // from where it stands, as if nothing had been
            Assert.Equal(data.Length, file.Position);
            await file.FlushAsync(toDisk: true);
            Assert.Equal(data, File.ReadAllBytes(disk.Place("file")));
        }

        static async Coroutine Write(AsyncFile file, ReadOnlyMemory<byte> data)
        {
            for (; data.Length > 0; data = data[Math.Min(data.Length, 1000)..])
            {
                await file.WriteAsync(data[..Math.Min(data.Length, 1000)]);
            }

            await file.FlushAsync();
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void One_write_that_is_too_large_for_the_disk(ReactorKind kind) => Run(kind, async directory =>
    {
        using var disk = new FullDisk(directory);
        var file = await AsyncFile.OpenAsync(disk.Place("file"), FileMode.CreateNew, bufferSize: 0);
        await Throws<IOException>(() => file.WriteAsync(new byte[2 * FullDisk.Room]));
        Assert.Equal(0, file.Position);
        await file.SetLengthAsync(0);
        await file.WriteAsync("fits"u8.ToArray());
        await file.CloseAsync();
        Assert.Equal("fits", File.ReadAllText(disk.Place("file")));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_device_that_is_always_full(ReactorKind kind) => Run(kind, async _ =>
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        var before = OpenIn("/dev/full");
        var file = await AsyncFile.OpenAsync("/dev/full", FileMode.Open, FileAccess.Write);
        await file.WriteAsync(new byte[10]);
        var error = await Throws<IOException>(() => file.FlushAsync());
        Assert.Equal("No space left on device : '/dev/full'", error.Message);
        await Throws<IOException>(() => file.WriteAsync(new byte[200_000]));
        Assert.Equal(10, file.Position);
        await Throws<IOException>(file.CloseAsync); // the ten bytes could not be written
        Assert.True(file.IsClosed);
        Assert.Equal(before, OpenIn("/dev/full"));
        await file.CloseAsync();
        await Throws<IOException>(() => AsyncFile.WriteAllTextAsync("/dev/full", "text"));
        await Throws<IOException>(() => AsyncFile.AppendAllTextAsync("/dev/full", "text"));
        await using var appending = await AsyncFile.OpenAsync("/dev/full", FileMode.Append, bufferSize: 0);
        Assert.Equal("No space left on device : '/dev/full'", (await Throws<IOException>(() => appending.WriteAsync(new byte[1]))).Message);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_device_that_cannot_be_read(ReactorKind kind) => Run(kind, async _ =>
    {
        Assert.SkipUnless(File.Exists("/proc/self/mem"), "Needs /proc/self/mem: nothing is mapped at its begin.");
        await using var file = await AsyncFile.OpenAsync("/proc/self/mem", share: FileShare.ReadWrite);
        var error = await Throws<IOException>(async () => await file.ReadAsync(10));
        Assert.Contains("Input/output error", error.Message);
        await Throws<IOException>(async () => await file.ReadLineAsync());
        Assert.Equal(0, file.Position);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_has_no_disk_behind_it_is_flushed_all_the_same(ReactorKind kind) => Run(kind, async _ =>
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "Needs /dev/null.");
        await using var file = await AsyncFile.OpenAsync("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        await file.WriteAsync(new byte[100_000]);
        await file.FlushAsync(toDisk: true); // fsync() says EINVAL, which .NET passes over
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Files_of_the_kernel_are_read(ReactorKind kind) => Run(kind, async _ =>
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "Needs /proc.");
        await using var file = await AsyncFile.OpenAsync("/proc/self/status", share: FileShare.ReadWrite);
        Assert.StartsWith("Name:", Encoding.UTF8.GetString(await file.ReadAllAsync())); // whose length is told to be zero
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void One_that_is_removed_or_replaced_while_it_is_open(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        await using var file = await Aio.OpenFile(path, "w+");
        await file.WriteAsync("old"u8.ToArray());
        File.Delete(path);
        await file.FlushAsync(toDisk: true);
        File.WriteAllText(path, "new");
        await file.SeekAsync(0);
        Assert.Equal("old"u8.ToArray(), await file.ReadAllAsync());
        await file.WriteAsync(new byte[200_000]);
        Assert.Equal(200_003, await file.GetLengthAsync());
        Assert.Equal("new", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void One_that_is_cut_while_it_is_read(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllBytes(path, Bytes(10_000));
        await using var file = await AsyncFile.OpenAsync(path, share: FileShare.ReadWrite, bufferSize: 1000);
        Assert.Equal(Bytes(10_000)[..100], await file.ReadAsync(100));
        using (var cut = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(5);
        }

        Assert.Equal(900, (await file.ReadAllAsync()).Length); // what was read ahead
        Assert.Empty(await file.ReadAllAsync());
        await Throws<EndOfStreamException>(async () => await file.ReadExactlyAsync(1));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_directory_is_no_file(ReactorKind kind) => Run(kind, async directory =>
    {
        await Throws<UnauthorizedAccessException>(async () => await AsyncFile.OpenAsync(directory));
        await Throws<UnauthorizedAccessException>(async () => await AsyncFile.ReadAllBytesAsync(directory));
        await Throws<UnauthorizedAccessException>(() => AsyncFile.WriteAllTextAsync(directory, ""));
        await Throws<UnauthorizedAccessException>(() => AsyncFile.AppendAllTextAsync(directory, ""));
        Assert.Equal(0, OpenIn(directory));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void With_no_descriptor_left_what_is_open_goes_on(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        var path = Path.Join(directory, "file");
        await using var file = await Aio.OpenFile(path, "w+");
        await AsyncPath.ExistsAsync(path); // threads that have run: starting one may take a descriptor
        using (Reactors.Descriptors.Exhaust())
        {
            var error = await Throws<IOException>(async () => await Aio.OpenFile(path));
            Assert.Contains("Too many open files", error.Message);
            await Throws<IOException>(async () => await TemporaryFile.CreateAsync(directory));
            await file.WriteAsync("text"u8.ToArray()); // the first that would need the ring
            await file.FlushAsync(toDisk: true);
            await file.SeekAsync(0);
            Assert.Equal("text"u8.ToArray(), await file.ReadAllAsync());
        }

        await file.WriteAsync("more"u8.ToArray());
        await file.FlushAsync();
        Assert.Equal("textmore", await AsyncFile.ReadAllTextAsync(path));
        Assert.Equal(kind, Aio.GetRunningLoop().ReactorKind); // it could not be made then, and can now
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Closing_waits_for_the_operations_in_line(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var file = await AsyncFile.OpenAsync(path, FileMode.Create, bufferSize: 0);
        var data = Bytes(2_000_000);
        var writes = Enumerable.Range(0, 5).Select(_ => Aio.CreateTask(file.WriteAsync(data))).ToArray();
        await Aio.Sleep(0);
        await file.CloseAsync();
        Assert.All(writes, write => Assert.True(write.IsCompleted));
        Assert.Equal(10_000_000, new FileInfo(path).Length);
        Assert.Equal(0, OpenIn(directory));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_handle_that_is_closed_behind_its_back(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var file = await AsyncFile.OpenAsync(path, FileMode.Create, bufferSize: 0);
        var data = Bytes(2_000_000);
        var write = Aio.CreateTask(file.WriteAsync(data));
        await Aio.Sleep(0);
        file.SafeFileHandle.Dispose(); // under a write, which ends all the same if it has begun
        var written = (await Aio.GatherOutcomes([write]))[0].IsSuccess;
        Assert.Equal(written ? data : [], File.ReadAllBytes(path));
        await Throws<ObjectDisposedException>(() => file.WriteAsync(data));
        await Throws<ObjectDisposedException>(async () => await file.ReadAsync(10));
        await Throws<ObjectDisposedException>(() => file.FlushAsync(toDisk: true));
        await file.CloseAsync();
        Assert.Equal(0, OpenIn(directory));
    });
}
