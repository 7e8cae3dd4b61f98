using System.Text;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>What is appended goes to the end that the file has by then. The positions are those that CPython's files tell.</summary>
public class AppendTests
{
    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Appending_begins_at_the_end(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        await using (var file = await Aio.OpenFile(path, "ab"))
        {
            Assert.Equal(0, file.Position);
            await file.WriteAsync("one"u8.ToArray());
        }

        await using (var file = await AsyncFile.OpenAsync(path, FileMode.Append))
        {
            Assert.Equal(3, file.Position);
            await file.WriteAsync("two"u8.ToArray());
        }

        Assert.Equal("onetwo", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void The_position_is_where_the_bytes_came_to_stand(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "0123456789");
        await using var file = await Aio.OpenFile(path, "ab");
        Assert.Equal(10, file.Position);
        await Write("xx", 12);
        await file.FlushAsync();
        Assert.Equal(12, file.Position);
        Other("OTHER");
        Assert.Equal(12, file.Position);
        await Write("yy", 14); // as if nobody else had written: it is not known yet
        Assert.Equal(19, await file.GetLengthAsync());
        await file.FlushAsync();
        Assert.Equal(19, file.Position);
        Assert.Equal(3, await file.SeekAsync(3));
        await Write("zz", 5);
        Assert.Equal(21, await file.SeekAsync(0, SeekOrigin.Current));
        await file.SeekAsync(2);
        await file.TruncateAsync();
        Assert.Equal("01", File.ReadAllText(path));
        await Write("end", 5);
        await file.TruncateAsync();
        Assert.Equal("01end", File.ReadAllText(path));
        await file.SeekAsync(0);
        await file.WriteAsync(new byte[100_000]); // past the buffer
        Assert.Equal(100_005, file.Position);

        async Coroutine Write(string text, long position)
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text));
            Assert.Equal(position, file.Position);
        }

        void Other(string text)
        {
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void It_may_be_read_too(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "0123456789");
        await using (var file = await Aio.OpenFile(path, "a+b"))
        {
            Assert.Equal(10, file.Position);
            Assert.Empty(await file.ReadAllAsync());
            await file.SeekAsync(0);
            Assert.Equal("012"u8.ToArray(), await file.ReadAsync(3));
            await file.WriteAsync("AB"u8.ToArray());
            Assert.Empty(await file.ReadAllAsync());
            Assert.Equal(12, file.Position);
            await file.SeekAsync(8);
            Assert.Equal("89AB"u8.ToArray(), await file.ReadAllAsync());
        }

        await using var text = await Aio.OpenTextFile(path, "a+");
        await text.WriteAsync("\nz");
        await text.SeekAsync(0);
        Assert.Equal("0123456789AB", await text.ReadLineAsync());
        Assert.Equal("z", await text.ReadLineAsync());
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Appending_takes_the_right_to_write(ReactorKind kind) => Run(kind, async directory =>
    {
        await Throws<ArgumentException>(async () => await AsyncFile.OpenAsync(Path.Join(directory, "file"), FileMode.Append, FileAccess.Read));
        Assert.Empty(Directory.GetFiles(directory));
        await Throws<UnauthorizedAccessException>(async () => await AsyncFile.OpenAsync(directory, FileMode.Append));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Those_who_append_at_the_same_time_do_not_write_over_one_another(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        var path = Path.Join(directory, "file");
        const int Writers = 6;
        const int Lines = 400;
        await Aio.GatherAll(Enumerable.Range(0, Writers).Select(Write));
        var next = new int[Writers];
        foreach (var line in File.ReadLines(path))
        {
            var fields = line.Split(' ');
            Assert.Equal(LineOf(int.Parse(fields[0]), int.Parse(fields[1])), line);
            Assert.Equal(next[int.Parse(fields[0])]++, int.Parse(fields[1]));
        }

        Assert.All(next, count => Assert.Equal(Lines, count));

        async Coroutine Write(int writer)
        {
            // Some with whole files at a time, which open it each time.
            await using var file = writer < 2 ? null : await AsyncFile.OpenAsync(path, FileMode.Append, share: FileShare.ReadWrite, bufferSize: (writer - 2) * 100);
            for (var n = 0; n < Lines; n++)
            {
                var line = LineOf(writer, n) + "\n";
                if (file is null)
                {
                    await (writer == 0 ? AsyncFile.AppendAllTextAsync(path, line) : AsyncFile.AppendAllBytesAsync(path, Encoding.UTF8.GetBytes(line)));
                }
                else
                {
                    await file.WriteAsync(Encoding.UTF8.GetBytes(line));
                }
            }
        }

        static string LineOf(int writer, int n) => $"{writer} {n} {new string((char)('a' + (n % 26)), (n * 7919) % 300)}";
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_a_full_disk_has_taken_is_not_written_again(ReactorKind kind) => Run(kind, async directory =>
    {
        using var disk = new FullDisk(directory);
        File.WriteAllBytes(disk.Place("ballast"), new byte[FullDisk.Room / 2]);
        var data = Bytes(FullDisk.Room * 3 / 4);
        await using (var file = await AsyncFile.OpenAsync(disk.Place("file"), FileMode.Append, bufferSize: FullDisk.Room))
        {
            await file.WriteAsync(data);
            await Throws<IOException>(() => file.FlushAsync());
            await Throws<IOException>(() => file.FlushAsync());
            Assert.InRange(new FileInfo(disk.Place("file")).Length, 1, data.Length - 1);
            File.Delete(disk.Place("ballast"));
        }

        Assert.Equal(data, File.ReadAllBytes(disk.Place("file")));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Whole_contents_are_appended_as_NET_does(ReactorKind kind) => Run(kind, async directory =>
    {
        var (ours, nets) = (Path.Join(directory, "ours"), Path.Join(directory, "nets"));
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, new UTF8Encoding(false) })
        {
            File.Delete(ours);
            File.Delete(nets);
            await AsyncFile.AppendAllTextAsync(ours, null, encoding);
            await AsyncFile.AppendAllTextAsync(ours, "é", encoding);
            await AsyncFile.AppendAllLinesAsync(ours, ["a", "b"], encoding);
            await AsyncFile.AppendAllBytesAsync(ours, "c"u8.ToArray());
            File.AppendAllText(nets, null, encoding);
            File.AppendAllText(nets, "é", encoding);
            File.AppendAllLines(nets, ["a", "b"], encoding);
            File.AppendAllBytes(nets, "c"u8);
            Assert.Equal(File.ReadAllBytes(nets), File.ReadAllBytes(ours));
        }
    });
}
