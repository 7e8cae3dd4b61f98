using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>A cancelled operation has done nothing, or all.</summary>
public class CancellationTests
{
    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_write_that_has_begun_ends_and_the_cancellation_comes_at_the_next_await(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        await using var file = AsyncFile.Wrap(stream, leaveOpen: true, bufferSize: 0);
        var wentOn = false;
        var task = Aio.CreateTask(Write());
        await stream.UntilBegun(1);
        task.Cancel();
        await Aio.Sleep(0.02);
        Assert.False(task.IsCompleted); // the thread has the buffer
        stream.Permit();
        Assert.True(await IsCancelled(task));
        Assert.True(wentOn);
        Assert.Equal(100, stream.Length);
        Assert.Equal(100, file.Position);

        async Coroutine Write()
        {
            await file.WriteAsync(new byte[100]);
            wentOn = true;
            await Aio.Sleep(3_600);
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_write_that_waits_for_its_turn_is_withdrawn(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        await using var file = AsyncFile.Wrap(stream, leaveOpen: true, bufferSize: 0);
        var first = Aio.CreateTask(file.WriteAsync("a"u8.ToArray()));
        var second = Aio.CreateTask(file.WriteAsync("b"u8.ToArray()));
        var third = Aio.CreateTask(file.WriteAsync("c"u8.ToArray()));
        await stream.UntilBegun(1);
        second.Cancel();
        Assert.True(await IsCancelled(second)); // at once
        Assert.False(first.IsCompleted);
        stream.Permit(2);
        await first;
        await third;
        Assert.Equal("ac"u8.ToArray(), stream.ToArray());
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_call_that_waits_for_a_thread_never_begins(ReactorKind kind) => Run(kind, async directory =>
    {
        using var gate = new ManualResetEventSlim();
        var threads = Aio.GetRunningLoop().FileThreads;
        var busy = Enumerable.Range(0, Environment.ProcessorCount + 4).Select(_ => threads.Submit(() => gate.Wait(Hang.Limit))).ToArray();
        var path = Path.Join(directory, "file");
        var task = Aio.CreateTask(AsyncFile.WriteAllTextAsync(path, "text"));
        await Aio.Sleep(0.01);
        task.Cancel();
        Assert.True(await IsCancelled(task));
        gate.Set();
        foreach (var one in busy)
        {
            await one;
        }

        await AsyncFile.ExistsAsync(path); // whatever stood in the queue has had its turn
        Assert.False(File.Exists(path));
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_read_gives_its_bytes_or_leaves_them(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        stream.Fill("one\ntwo\n"u8);
        await using var file = AsyncFile.Wrap(stream, leaveOpen: true, bufferSize: 3);
        byte[]? line = null;
        var task = Aio.CreateTask(Read());
        await stream.UntilBegun(1);
        task.Cancel();
        stream.Permit(100);
        Assert.True(await IsCancelled(task));
        Assert.Null(line); // it took a second read, which was not begun any more
        Assert.Equal(0, file.Position);
        Assert.Equal("one\n"u8.ToArray(), await file.ReadLineAsync());
        Assert.Equal("two\n"u8.ToArray(), await file.ReadLineAsync());

        async Coroutine Read() => line = await file.ReadLineAsync();
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_timeout_around_a_write_that_goes_through_is_none(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        await using var file = AsyncFile.Wrap(stream, leaveOpen: true, bufferSize: 0);
        AsyncTask late;
        using (var limit = Aio.Timeout(double.PositiveInfinity))
        {
            late = Aio.CreateTask(PermitTooLate(limit));
            await file.WriteAsync(new byte[5]); // longer than the limit, and done
        }

        Assert.Equal(5, stream.Length);
        await late;
        await Aio.Sleep(0); // no request is left over

        async Coroutine PermitTooLate(AsyncTimeout limit)
        {
            await stream.UntilBegun(1);
            limit.Reschedule(Aio.GetRunningLoop().Time());
            while (!limit.Expired())
            {
                await Aio.Sleep(0.001);
            }

            stream.Permit();
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Closing_waits_for_what_is_under_way_and_in_line_and_cannot_be_cancelled(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        var file = AsyncFile.Wrap(stream, bufferSize: 0);
        var first = Aio.CreateTask(file.WriteAsync("a"u8.ToArray()));
        var second = Aio.CreateTask(file.WriteAsync("b"u8.ToArray()));
        await stream.UntilBegun(1);
        var closing = Aio.CreateTask(file.CloseAsync());
        await Aio.Sleep(0.01);
        await Throws<ObjectDisposedException>(() => file.WriteAsync("c"u8.ToArray()));
        closing.Cancel();
        await Aio.Sleep(0.01);
        Assert.False(closing.IsCompleted);
        stream.Permit(2);
        await IsCancelled(closing);
        Assert.True(first.IsCompleted && second.IsCompleted && stream.IsDisposed && file.IsClosed);
        Assert.Equal("ab"u8.ToArray(), stream.ToArray());
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Cancelled_with_unwritten_bytes_the_block_still_writes_them(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var written = false;
        var task = Aio.CreateTask(Write());
        while (!written)
        {
            await Aio.Sleep(0.001);
        }

        task.Cancel();
        task.Cancel(); // two requests
        Assert.True(await IsCancelled(task));
        Assert.Equal("kept", File.ReadAllText(path));
        Assert.Equal(0, OpenIn(directory));

        async Coroutine Write()
        {
            await using var file = await Aio.OpenFile(path, "wb");
            await file.WriteAsync("kept"u8.ToArray());
            written = true;
            await Aio.Sleep(3_600);
        }
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Through_an_async_Task_the_request_is_not_lost_either(ReactorKind kind) => Run(kind, async _ =>
    {
        var stream = new GatedStream();
        await using var file = AsyncFile.Wrap(stream, leaveOpen: true, bufferSize: 0);
        var task = Aio.CreateTask(Outer());
        await stream.UntilBegun(1);
        task.Cancel();
        await Aio.Sleep(0.01);
        stream.Permit();
        Assert.True(await IsCancelled(task));
        Assert.Equal(100, stream.Length);

        async Coroutine Outer()
        {
            await Inner();
            await Aio.Sleep(3_600);
        }

        async Task Inner() => await file.WriteAsync(new byte[100]);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_storm_over_every_operation_leaves_nothing_behind(ReactorKind kind) => Run(kind, async directory =>
    {
        var random = new Random(4);
        var path = Path.Join(directory, "file");
        var content = Bytes(300_000);
        File.WriteAllBytes(path, content);
        File.WriteAllLines(path + ".txt", Enumerable.Range(0, 2_000).Select(n => $"line {n}"));
        (string Name, Func<int, Coroutine> Run)[] operations =
        [
            ("open", async n => { await using var file = await AsyncFile.OpenAsync(path); }),
            ("read all", async n => { await using var file = await AsyncFile.OpenAsync(path, bufferSize: 1_000); Assert.Equal(content, await file.ReadAllAsync()); }),
            ("read", async n => { await using var file = await AsyncFile.OpenAsync(path); Assert.Equal(content[..99_999], await file.ReadAsync(99_999)); }),
            ("write", async n => { await using var file = await AsyncFile.OpenAsync($"{path}.{n}", FileMode.Create); await file.WriteAsync(content); await file.FlushAsync(true); await file.SetLengthAsync(3); await file.SeekAsync(0, SeekOrigin.End); await file.GetLengthAsync(); }),
            ("text", async n => { await using var file = await AsyncTextFile.OpenAsync($"{path}.{n}.t", FileMode.Create); await file.WriteLinesAsync(["a", "b"]); await file.SeekAsync(0); Assert.Equal("a", await file.ReadLineAsync()); Assert.Equal("b" + file.NewLine, await file.ReadToEndAsync()); }),
            ("lines", async n => { await foreach (var line in AsyncFile.ReadLinesAsync(path + ".txt")) { Assert.StartsWith("line ", line); } }),
            ("whole", async n => { await AsyncFile.WriteAllBytesAsync($"{path}.{n}.w", content); await AsyncFile.AppendAllTextAsync($"{path}.{n}.w", "x"); await AsyncFile.ReadAllBytesAsync($"{path}.{n}.w"); await AsyncFile.DeleteAsync($"{path}.{n}.w"); }),
            ("directory", async n => { await AsyncDirectory.CreateAsync($"{directory}/{n}/a/b"); await foreach (var one in AsyncDirectory.WalkAsync($"{directory}/{n}")) { } await AsyncDirectory.DeleteAsync($"{directory}/{n}", recursive: true); }),
            ("scan", async n => { await foreach (var entry in AsyncDirectory.EnumerateAsync(directory)) { await Aio.Sleep(0); } }),
            ("named", async n => { await using var file = await TemporaryFile.CreateNamedAsync(directory, "named-"); await file.WriteAsync(content); }),
            ("unnamed", async n => { await using var file = await TemporaryFile.CreateAsync(directory); await file.WriteAsync(content); }),
            ("spooled", async n => { await using var file = TemporaryFile.CreateSpooled(100, directory); await file.WriteAsync(content.AsMemory(0, 50)); await file.WriteAsync(content); await file.SeekAsync(50); Assert.Equal(content, await file.ReadAllAsync()); }),
            ("temporary", async n => { await using var temporary = await TemporaryDirectory.CreateAsync(directory, "temporary-"); await AsyncFile.WriteAllTextAsync(Path.Join(temporary.Path, "x"), "x"); }),
        ];
        var (cancelled, done) = (0, 0);
        for (var n = 0; n < 1_000; n++)
        {
            var task = Aio.CreateTask(operations[n % operations.Length].Run(n));
            for (var turns = random.Next(40); turns > 0 && !task.IsCompleted; turns--)
            {
                await Aio.Sleep(random.Next(4) == 0 ? 0.0002 : 0);
            }

            task.Cancel();
            if (random.Next(3) == 0)
            {
                await Aio.Sleep(0);
                task.Cancel(); // again, while it cleans up
            }

            _ = await IsCancelled(task) ? cancelled++ : done++;
        }

        Assert.InRange(cancelled, 100, 1_000);
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal(0, OpenIn(directory));
        Assert.Empty(Directory.GetFileSystemEntries(directory, "named-*"));
        Assert.Empty(Directory.GetFileSystemEntries(directory, "temporary-*"));
        Assert.Empty(Directory.GetFileSystemEntries(directory, "tmp*"));
    });
}
