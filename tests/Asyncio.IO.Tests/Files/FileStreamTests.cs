using System.Text;
using System.Text.Json;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>A file as a stream of .NET's, on the loop's thread and on others.</summary>
public class FileStreamTests
{
    public static MatrixTheoryData<ReactorKind, int> Sizes => Each(0, 100, 64 * 1024);

    [Theory, MemberData(nameof(Sizes))]
    public void Code_of_NETs_reads_and_writes_it_on_the_loop(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var numbers = Enumerable.Range(0, 50_000).ToArray();
        await using (var file = await AsyncFile.OpenAsync(path, FileMode.CreateNew, bufferSize: bufferSize))
        {
            await Write(file.AsStream());
            await file.SeekAsync(0);
            await Read(file.AsStream());
            await file.SeekAsync(0);
            using var copy = new MemoryStream();
            await file.AsStream().CopyToAsync(copy);
            Assert.Equal(File.ReadAllBytes(path), copy.ToArray());
        }

        async Task Write(Stream stream)
        {
            var thread = Environment.CurrentManagedThreadId;
            await JsonSerializer.SerializeAsync(stream, numbers).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
            Assert.Equal(thread, Environment.CurrentManagedThreadId); // even so it stays on the loop
            await stream.WriteAsync(new byte[200_000]).ConfigureAwait(false);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            stream.Seek(-200_000, SeekOrigin.Current);
            Assert.Equal(new FileInfo(path).Length, stream.Length);
        }

        async Task Read(Stream stream)
        {
            using var text = new StreamReader(stream, leaveOpen: true);
            var all = await text.ReadToEndAsync();
            Assert.Equal(numbers, JsonSerializer.Deserialize<int[]>(all.TrimEnd('\0')));
        }
    });

    [Theory, MemberData(nameof(Sizes))]
    public void Other_threads_use_it_too(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var file = await AsyncFile.OpenAsync(path, FileMode.CreateNew, bufferSize: bufferSize);
        var stream = file.AsStream();
        Assert.True(stream is { CanRead: true, CanWrite: true, CanSeek: true, CanTimeout: false });
        await Aio.ToThread(() =>
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
            {
                for (var n = 0; n < 100; n++)
                {
                    writer.WriteLine($"line {n}");
                }
            }

            stream.Position = 0;
            using var reader = new StreamReader(stream, leaveOpen: true);
            for (var n = 0; n < 100; n++)
            {
                Assert.Equal($"line {n}", reader.ReadLine());
            }

            Assert.Equal(stream.Length, stream.Position);
            stream.SetLength(5);
            Assert.Equal(0, stream.Seek(-5, SeekOrigin.End));
            Assert.Equal('l', stream.ReadByte());
            stream.WriteByte((byte)'o');
            stream.Dispose();
            stream.Dispose();
        });
        Assert.True(file.IsClosed);
        Assert.Equal("lone ", File.ReadAllText(path));
        Assert.False(stream.CanRead);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_would_block_the_loop_is_refused(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        await using var file = await AsyncFile.OpenAsync(path, FileMode.CreateNew);
        var stream = file.AsStream();
        Assert.Contains("Use WriteAsync()", Assert.Throws<InvalidOperationException>(() => stream.Write(new byte[1])).Message);
        Assert.Contains("Use ReadAsync()", Assert.Throws<InvalidOperationException>(() => stream.ReadByte()).Message);
        Assert.Contains("SetLengthAsync()", Assert.Throws<InvalidOperationException>(() => stream.SetLength(1)).Message);
        stream.Flush(); // nothing to write
        stream.Position = 3;
        await stream.WriteAsync(new byte[2]);
        Assert.Contains("Use FlushAsync()", Assert.Throws<InvalidOperationException>(stream.Flush).Message);
        Assert.Contains("FlushAsync() first", Assert.Throws<InvalidOperationException>(() => stream.Position = 0).Message);
        Assert.Equal(5, stream.Length);
        await stream.FlushAsync();
        stream.Position = 0;
        Assert.Equal(5, stream.Seek(0, SeekOrigin.End));
        Assert.Throws<IOException>(() => stream.Seek(-6, SeekOrigin.End));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Disposing_on_the_loop_closes_the_file(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var file = await Aio.OpenFile(path, "w");
        await using (var stream = file.AsStream())
        {
            await stream.WriteAsync("text"u8.ToArray());
        }

        Assert.True(file.IsClosed);
        Assert.Equal("text", File.ReadAllText(path));
        file = await Aio.OpenFile(path, "a");
        using (var stream = file.AsStream())
        {
            await stream.WriteAsync("text"u8.ToArray());
        }

        await Until(() => file.IsClosed); // begun only
        await Until(() => OpenIn(directory) == 0);
        Assert.Equal("texttext", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_close_that_fails_unseen_is_reported(ReactorKind kind)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        var reports = RunReporting(kind, async _ =>
        {
            var file = await AsyncFile.OpenAsync("/dev/full", access: FileAccess.Write);
            var stream = file.AsStream();
            await stream.WriteAsync(new byte[3]);
            stream.Dispose();
            await Until(() => Aio.AllTasks().Count == 1); // this one: closing has ended
            Assert.True(file.IsClosed);
        });
        Assert.Contains("No space left", Assert.Single(reports));
    }

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_cancelled_task_gets_its_bytes_or_leaves_them(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllBytes(path, Bytes(100_000));
        await using var file = await AsyncFile.OpenAsync(path, bufferSize: 0);
        var stream = file.AsStream();
        var dice = new Random(2);
        var got = new MemoryStream();
        for (var n = 0; n < 500; n++)
        {
            var task = Aio.CreateTask(Read());
            for (var turns = dice.Next(6); turns > 0; turns--)
            {
                await Aio.Sleep(0);
            }

            task.Cancel();
            await IsCancelled(task);
            Assert.Equal(got.Length, file.Position);
        }

        Assert.Equal(File.ReadAllBytes(path)[..(int)got.Length], got.ToArray());

        async Coroutine Read()
        {
            var buffer = new byte[100];
            got.Write(buffer, 0, await stream.ReadAsync(buffer));
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Tokens_and_closed_files(ReactorKind kind) => Run(kind, async directory =>
    {
        var file = await Aio.OpenFile(Path.Join(directory, "file"), "w+");
        var stream = file.AsStream();
        var cancelled = new CancellationToken(canceled: true);
        Assert.True(stream.ReadAsync(new byte[1], cancelled).IsCanceled);
        Assert.True(stream.WriteAsync(new byte[1], cancelled).IsCanceled);
        Assert.True(stream.FlushAsync(cancelled).IsCanceled);
        await file.CloseAsync();
        await Throws<ObjectDisposedException>(async () => _ = await stream.ReadAsync(new byte[1]));
        await Throws<ObjectDisposedException>(async () => await stream.WriteAsync(new byte[1]));
        await Throws<ObjectDisposedException>(async () => await stream.FlushAsync());
        Assert.Throws<ObjectDisposedException>(() => stream.Seek(0, SeekOrigin.Begin));
        await stream.DisposeAsync();
    });

    [Fact]
    public void It_needs_a_loop_that_runs()
    {
        using var memory = new MemoryStream();
        Assert.Throws<InvalidOperationException>(() => AsyncFile.Wrap(memory, leaveOpen: true).AsStream());
    }
}
