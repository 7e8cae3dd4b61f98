using System.Runtime.ExceptionServices;
using Asyncio.Files;
using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Files;

/// <summary>Operations that are under way when the loop stops, goes on elsewhere, or is closed.</summary>
public sealed class BetweenRunsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public static MatrixTheoryData<ReactorKind, FileMode> Ways => FileRig.Each(FileMode.Create, FileMode.Append);

    [Theory, MemberData(nameof(Ways))]
    public void A_run_that_goes_on_in_another_thread_loses_and_repeats_nothing(ReactorKind kind, FileMode mode)
    {
        using var loop = Open(kind);
        var dice = new Random(6);
        var expected = new MemoryStream();
        AsyncTask? writing = null;
        InAnotherThread(() => loop.RunUntilComplete(Begin()));
        var runs = 0;
        while (!writing!.IsCompleted)
        {
            runs++;
            InAnotherThread(() => loop.RunUntilComplete(Turn(dice.Next(10))));
        }

        loop.RunUntilComplete(End());
        Assert.True(runs > 10, $"{runs} runs");
        Assert.Equal(expected.ToArray(), File.ReadAllBytes(_path));

        async Coroutine Begin()
        {
            writing = Aio.CreateTask(Write());
            await Aio.Sleep(0);
        }

        async Coroutine Write()
        {
            await using var file = await AsyncFile.OpenAsync(_path, mode, bufferSize: 0);
            for (var n = 0; n < 200; n++)
            {
                var data = FileRig.Bytes(n % 4 == 0 ? 500_000 : 100, seed: n);
                await file.WriteAsync(data);
                expected.Write(data);
                await file.FlushAsync(toDisk: n % 50 == 0);
            }
        }

        static async Coroutine Turn(int turns)
        {
            for (; turns > 0; turns--)
            {
                await Aio.Sleep(0);
            }
        }

        async Coroutine End() => await writing;
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_loop_that_is_closed_leaves_no_write_half_done(ReactorKind kind, FileMode mode)
    {
        var dice = new Random(7);
        var others = FileThreads();
        for (var round = 0; round < 60; round++)
        {
            var data = FileRig.Bytes(dice.Next(2) == 0 ? 1_500_000 : 3_000, seed: round);
            File.WriteAllBytes(_path, []);
            var reports = new List<string>();
            using (var loop = Open(kind))
            {
                loop.SetExceptionHandler((_, report) => reports.Add(report.Message));
                loop.RunUntilComplete(Begin(data, mode, dice.Next(5)));
            }

            UntilFileThreadsHaveEnded(others);
            var length = new FileInfo(_path).Length;
            Assert.True(length == 0 || length == data.Length, $"{length} of {data.Length} bytes");
            Assert.All(reports, report => Assert.Equal("Task was destroyed but it is pending!", report));
        }

        async Coroutine Begin(byte[] data, FileMode mode, int turns)
        {
            var file = await AsyncFile.OpenAsync(_path, mode, share: FileShare.ReadWrite, bufferSize: 0);
            GC.SuppressFinalize(file); // that it is dropped is another test's affair
            _ = Aio.CreateTask(file.WriteAsync(data));
            for (; turns > 0; turns--)
            {
                await Aio.Sleep(0);
            }
        }
    }

    public void Dispose() => File.Delete(_path);

    private static EventLoop Open(ReactorKind kind)
    {
        using (new Rig(kind))
        {
            // Only asks whether it can be had.
        }

        return new EventLoop(new EventLoopOptions { Reactor = kind });
    }

    /// <summary>A loop that is closed does not wait for its threads.</summary>
    private static void UntilFileThreadsHaveEnded(HashSet<string> others) =>
        Assert.True(SpinWait.SpinUntil(() => FileThreads().IsSubsetOf(others), TimeSpan.FromSeconds(60)), "file threads are left");

    private static HashSet<string> FileThreads() => OperatingSystem.IsLinux()
        ? [.. Directory.GetDirectories("/proc/self/task").Where(task => NameOf(task).StartsWith("asyncio-files", StringComparison.Ordinal))]
        : [];

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Join(task, "comm"));
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static void InAnotherThread(Action action)
    {
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "the thread hangs");
        error?.Throw();
    }
}
