using System.Runtime.CompilerServices;
using Asyncio.Files;
using Asyncio.LowLevel;
using Xunit;
using static Asyncio.IO.Tests.Files.FileRig;

namespace Asyncio.IO.Tests.Files;

/// <summary>Files that are dropped and never closed.</summary>
public class AbandonedTests
{
    public static MatrixTheoryData<ReactorKind, string> Modes => Each("w", "a", "r+");

    [Theory, MemberData(nameof(Modes))]
    public void One_that_is_dropped_is_written_closed_and_reported(ReactorKind kind, string mode)
    {
        var reports = RunReporting(kind, async directory =>
        {
            var path = Path.Join(directory, "file");
            File.WriteAllText(path, "old");
            await Aio.CreateTask(Drop(path, mode));
            await UntilCollected(() => OpenIn(directory) == 0);
            Assert.Equal(mode == "a" ? "oldnew" : "new", File.ReadAllText(path));
            await Aio.Sleep(0); // the report
        });
        var report = Assert.Single(reports);
        Assert.Contains("unclosed <AsyncFile '", report);
        Assert.Contains("was dropped without CloseAsync() or DisposeAsync(); the 3 bytes in its buffer were written now", report);
    }

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Bytes_that_cannot_be_written_are_said_to_be_lost(ReactorKind kind)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        var before = OpenIn("/dev/full");
        var reports = RunReporting(kind, async directory =>
        {
            await Aio.CreateTask(Drop("/dev/full", "r+"));
            await UntilCollected(() => OpenIn("/dev/full") == before);
            await Aio.Sleep(0);
        });
        var report = Assert.Single(reports);
        Assert.Contains("; 3 bytes in its buffer are lost", report);
        Assert.Contains("No space left", report);
    }

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void Those_with_nothing_to_lose_are_not_reported(ReactorKind kind) => Run(kind, async directory =>
    {
        var path = Path.Join(directory, "file");
        var collected = new WeakReference[3];
        await Aio.CreateTask(Drop(path, collected));
        await UntilCollected(() => collected.All(each => !each.IsAlive));
        await Aio.Sleep(0);
    });

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void A_temporary_file_and_an_enumeration_are_reported_too(ReactorKind kind)
    {
        var reports = RunReporting(kind, async directory =>
        {
            File.WriteAllText(Path.Join(directory, "lines"), "a\nb\n");
            await Aio.CreateTask(DropTemporary(directory));
            await UntilCollected(() => OpenIn(directory) == 0);
            Assert.Equal(["lines"], Directory.GetFiles(directory).Select(Path.GetFileName));
            await Aio.Sleep(0);
        });
        Assert.Equal(3, reports.Count);
        Assert.All(reports, report => Assert.StartsWith("unclosed <AsyncFile '", report));
    }

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void When_the_loop_is_closed_by_then_the_default_handler_is_told(ReactorKind kind) =>
        AssertToldByDefault(kind, path => Drop(path, "w"));

    [Theory, MemberData(nameof(Kinds), MemberType = typeof(FileRig))]
    public void What_a_closed_loop_has_left_undone_is_written(ReactorKind kind) =>
        AssertToldByDefault(kind, async path => await Aio.CreateTask(DropFlushing(path)));

    private static void AssertToldByDefault(ReactorKind kind, Func<string, Coroutine> drop)
    {
        using (new Reactors.Rig(kind))
        {
            // Only asks whether it can be had.
        }

        var path = Path.GetTempFileName();
        var error = Console.Error;
        using var said = new StringWriter();
        Console.SetError(TextWriter.Synchronized(said));
        try
        {
            var thread = new Thread(() => RunAndClose(kind, drop(path))); // whose stack goes with it
            thread.Start();
            thread.Join();
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    Collect();
                    return OpenIn(path) == 0;
                },
                TimeSpan.FromSeconds(20)));
            Assert.Contains($"unclosed <AsyncFile '{path}' open>", said.ToString());
            Assert.Equal("new", File.ReadAllText(path));
        }
        finally
        {
            Console.SetError(error);
            File.Delete(path);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunAndClose(ReactorKind kind, Coroutine main)
    {
        using var loop = new EventLoop(new EventLoopOptions { Reactor = kind });
        loop.RunUntilComplete(main);
    }

    // Methods of their own, and tasks of their own: nothing may keep what they drop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine Drop(string path, string mode)
    {
        var file = await Aio.OpenFile(path, mode);
        await file.WriteAsync("new"u8.ToArray());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine DropFlushing(string path)
    {
        var file = await Aio.OpenFile(path, "w");
        await file.WriteAsync("new"u8.ToArray());
        _ = Aio.CreateTask(file.FlushAsync());
        await Aio.Sleep(0); // it has begun, and is not awaited to its end
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine Drop(string path, WeakReference[] collected)
    {
        var closed = await Aio.OpenFile(path, "w");
        await closed.WriteAsync(new byte[1]);
        await closed.CloseAsync();
        var lent = AsyncFile.Wrap(new MemoryStream(), leaveOpen: true);
        await lent.WriteAsync(new byte[1]);
        await lent.FlushAsync();
        var spooled = TemporaryFile.CreateSpooled(100);
        await spooled.WriteAsync(new byte[1]);
        (collected[0], collected[1], collected[2]) = (new(closed), new(lent), new(spooled));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine DropTemporary(string directory)
    {
        _ = await TemporaryFile.CreateAsync(directory);
        _ = await TemporaryFile.CreateNamedAsync(directory);
        var lines = AsyncFile.ReadLinesAsync(Path.Join(directory, "lines")).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await lines.MoveNextAsync());
    }

    private static async Coroutine UntilCollected(Func<bool> condition)
    {
        do
        {
            await Aio.Sleep(0.001);
            Collect();
        }
        while (!condition());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
