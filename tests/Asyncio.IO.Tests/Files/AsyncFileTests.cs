using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

public class AsyncFileTests
{
    private static bool IsDebugBuild =>
#if DEBUG
        true;
#else
        false;
#endif

    public static MatrixTheoryData<ReactorKind, int> Sizes => Each(0, 1, 7, 4096, 64 * 1024);

    public static MatrixTheoryData<ReactorKind, string> Modes => Each("r+b", "x", "wb+", "rb", "a", "a+b");

    [Theory, MemberData(nameof(Sizes))]
    public void What_is_written_is_read(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var bytes = Bytes(200_000);
        await using (var file = await AsyncFile.OpenAsync(path, FileMode.CreateNew, bufferSize: bufferSize))
        {
            await file.WriteAsync(bytes.AsMemory(0, 5));
            await file.WriteAsync(bytes.AsMemory(5, 100_000));
            await file.WriteAsync(bytes.AsMemory(100_005));
            Assert.Equal(200_000, file.Position);
            Assert.Equal(200_000, await file.GetLengthAsync());
            Assert.Equal(0, await file.ReadAsync(new byte[10]));
            Assert.Equal(3, await file.SeekAsync(3));
            Assert.Equal(bytes[3..10], await file.ReadAsync(7));
            Assert.Equal(10, file.Position);
            Assert.Equal(bytes[10..], await file.ReadAllAsync());
            Assert.Empty(await file.ReadAsync(7));
            Assert.Empty(await file.ReadAllAsync());
            Assert.Equal(199_995, await file.SeekAsync(-5, SeekOrigin.End));
            Assert.Equal(bytes[^5..], await file.ReadExactlyAsync(5));
            await file.SeekAsync(-5, SeekOrigin.Current);
            await Throws<EndOfStreamException>(async () => await file.ReadExactlyAsync(6));
            Assert.Equal(bytes[^5..], await file.ReadAsync(6)); // nothing was lost by that
            await Throws<IOException>(async () => await file.SeekAsync(-1));
        }

        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(0, OpenIn(directory));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void As_much_as_can_be_may_be_asked_for(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "0123456789");
        await using var file = await AsyncFile.OpenAsync(path);
        Assert.Equal("0"u8.ToArray(), await file.ReadAsync(1));
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal("123456789"u8.ToArray(), await file.ReadAsync(int.MaxValue));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
        await Throws<EndOfStreamException>(async () => await file.ReadExactlyAsync(int.MaxValue));
    });

    [Theory, MemberData(nameof(Sizes))]
    public void Reading_and_writing_take_turns_at_one_position(ReactorKind kind, int bufferSize) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "0123456789");
        await using var file = await AsyncFile.OpenAsync(path, FileMode.Open, FileAccess.ReadWrite, bufferSize: bufferSize);
        Assert.Equal("01"u8.ToArray(), await file.ReadAsync(2));
        await file.WriteAsync("ab"u8.ToArray());
        Assert.Equal("45"u8.ToArray(), await file.ReadAsync(2));
        await file.SetLengthAsync(5);
        Assert.Equal(5, file.Position);
        await file.WriteAsync("X"u8.ToArray());
        await file.SeekAsync(4);
        await file.TruncateAsync();
        await file.FlushAsync(toDisk: true);
        Assert.Equal("01ab", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Small_writes_wait_in_the_buffer_until_a_flush(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        await using var file = await Aio.OpenFile(path, "wb");
        await file.WriteAsync("abc"u8.ToArray());
        Assert.Equal("", File.ReadAllText(path));
        Assert.Equal(3, await file.GetLengthAsync());
        await file.FlushAsync();
        Assert.Equal("abc", File.ReadAllText(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Lines_of_bytes_end_with_their_line_feed(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        File.WriteAllText(path, "a\n\nlonger than the buffer\nend");
        await using var file = await AsyncFile.OpenAsync(path, bufferSize: 4);
        foreach (var line in new[] { "a\n", "\n", "longer than the buffer\n", "end", "" })
        {
            Assert.Equal(line, System.Text.Encoding.UTF8.GetString(await file.ReadLineAsync()));
        }
    });

    [Theory]
    [InlineData("q"), InlineData(""), InlineData("rw"), InlineData("rr"), InlineData("b"), InlineData("rt"), InlineData("a+r")]
    public void Modes_that_are_none_are_refused(string mode) => Assert.Throws<ArgumentException>(() => Aio.OpenFile("x", mode));

    [Theory, MemberData(nameof(Modes))]
    public void Modes_of_Python(ReactorKind kind, string mode) => Run(kind, async directory =>
    {
        var (canRead, canWrite) = (mode.Contains('r') || mode.Contains('+'), mode != "rb");
        var path = Path.Join(directory, "file");
        if (mode[0] == 'r')
        {
            File.WriteAllText(path, "");
        }

        await using var file = await Aio.OpenFile(path, mode);
        Assert.Equal((canRead, canWrite, true), (file.CanRead, file.CanWrite, file.CanSeek));
        if (!canRead)
        {
            await Throws<NotSupportedException>(async () => await file.ReadAllAsync());
            await Throws<IOException>(async () => await Aio.OpenFile(path, "x"));
        }

        if (!canWrite)
        {
            await Throws<NotSupportedException>(() => file.WriteAsync(new byte[1]));
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Errors_are_NETs_own_with_the_place_of_the_await(ReactorKind kind) => Run(kind, async directory =>
    {
        var missing = await Throws<FileNotFoundException>(async () => await AsyncFile.OpenAsync(Path.Join(directory, "none")));
        Assert.EndsWith("none", missing.FileName);
        Assert.Contains(nameof(Errors_are_NETs_own_with_the_place_of_the_await), missing.StackTrace);
        Assert.Contains("SafeFileHandle", missing.StackTrace); // where it happened: in the thread
        await Throws<UnauthorizedAccessException>(async () => await AsyncFile.OpenAsync(directory));
        await Throws<DirectoryNotFoundException>(async () => await AsyncFile.ReadAllTextAsync(Path.Join(directory, "no", "file")));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_is_closed_says_so(ReactorKind kind) => Run(kind, async directory =>
    {
        var file = await Aio.OpenFile(Path.Join(directory, "file"), "w+");
        await file.CloseAsync();
        await file.CloseAsync();
        await Throws<ObjectDisposedException>(() => file.WriteAsync(new byte[1]));
        await Throws<ObjectDisposedException>(async () => await file.ReadAsync(1));
        await Throws<ObjectDisposedException>(async () => await file.SeekAsync(1));
        await Throws<ObjectDisposedException>(() => file.FlushAsync());
        Assert.False(file.CanRead);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_pipe_has_no_position(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs mkfifo.");
        var path = Path.Join(directory, "pipe");
        System.Diagnostics.Process.Start("mkfifo", path).WaitForExit();
        var (reader, writer) = await Aio.Gather(AsyncFile.OpenAsync(path), AsyncFile.OpenAsync(path, FileMode.Open, FileAccess.Write));
        Assert.False(reader.CanSeek);
        var reading = Aio.CreateTask(reader.ReadLineAsync());
        await writer.WriteAsync("hello\nworld"u8.ToArray());
        await writer.FlushAsync();
        Assert.Equal("hello\n"u8.ToArray(), await reading);
        await Throws<NotSupportedException>(async () => await reader.SeekAsync(0));
        await Throws<NotSupportedException>(async () => await reader.GetLengthAsync());
        await writer.CloseAsync();
        Assert.Equal("world"u8.ToArray(), await reader.ReadAllAsync());
        await reader.CloseAsync();
    });

    [Fact]
    public void A_file_of_a_closed_loop_may_be_used_under_the_next()
    {
        var path = Path.GetTempFileName();
        AsyncFile? file = null;
        Aio.Run(async () => file = await Aio.OpenFile(path, "w+"));
        Aio.Run(async () => await file!.WriteAsync("x"u8.ToArray()));
        Aio.Run(async () => await file!.CloseAsync());
        Assert.Equal("x", File.ReadAllText(path));
        File.Delete(path);
    }

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Reading_and_writing_allocate_nothing_in_steady_state(ReactorKind kind) => Run(kind, async directory =>
    {
        Assert.SkipWhen(IsDebugBuild, "State machines are objects in Debug builds.");
        await using var file = await AsyncFile.OpenAsync(Path.Join(directory, "file"), FileMode.Create, bufferSize: 0);
        var buffer = new byte[100];
        for (var round = 0; round < 3_000; round++)
        {
            await Round();
        }

        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least > 2_000; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 1_000; round++)
            {
                await Round();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 2_000);

        async Coroutine Round()
        {
            await file.SeekAsync(0);
            await file.WriteAsync(buffer);
            await file.SeekAsync(0);
            _ = await file.ReadAsync(buffer.AsMemory());
        }
    });
}
